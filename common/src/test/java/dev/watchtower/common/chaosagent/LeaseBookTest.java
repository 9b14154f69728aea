package dev.watchtower.common.chaosagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.FaultLease;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseBookTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final LeaseBook book = new LeaseBook(nanos::get);

  @Test
  void endsALeaseByItselfAtItsTimeToLive() {
    book.grant("a", lease("db-down", Map.of(), 5_000));

    pass(Duration.ofMillis(4_999));
    assertThat(book.active()).hasSize(1);
    pass(Duration.ofMillis(1));
    assertThat(book.active()).isEmpty();
    assertThat(book.holds("a", new Fault.DbDown())).isFalse();
  }

  @Test
  void renewsALeaseWithoutBeginningItAgain() {
    assertThat(book.grant("a", lease("db-down", Map.of(), 5_000)).begun()).isTrue();
    pass(Duration.ofSeconds(4));

    assertThat(book.grant("a", lease("db-down", Map.of(), 5_000)).begun()).isFalse();

    pass(Duration.ofSeconds(4));
    assertThat(book.active()).hasSize(1);
    assertThat(book.grant("a", lease("cpu", Map.of("load", 0.5), 5_000)).begun()).isTrue();
    assertThat(book.holds("a", new Fault.DbDown())).isFalse();
  }

  @Test
  void endsEverythingWhenTheClockStepsBack() {
    book.grant("a", lease("db-down", Map.of(), 10_000));

    pass(Duration.ofMillis(-1));

    assertThat(book.active()).isEmpty();
  }

  @Test
  void endsALeaseOnRequestOnce() {
    book.grant("a", lease("db-down", Map.of(), 10_000));

    assertThat(book.end("a")).isTrue();
    assertThat(book.end("a")).isFalse();
  }

  @Test
  void whatWasEndedDoesNotComeBackByALateRenewal() {
    book.grant("a", lease("db-down", Map.of(), 10_000));
    book.end("a");
    book.end("never-came");

    for (var id : List.of("a", "never-came")) {
      assertThatThrownBy(() -> book.grant(id, lease("db-down", Map.of(), 10_000)))
          .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.status()).isEqualTo(409));
    }
    assertThat(book.active()).isEmpty();
    book.grant("b", lease("db-down", Map.of(), 10_000));
  }

  @Test
  void holdsEightFaultsAtMostAndRenewsThemEvenThen() {
    for (int i = 0; i < 8; i++) {
      book.grant("l" + i, lease("db-down", Map.of(), 10_000));
    }

    assertThatThrownBy(() -> book.grant("l8", lease("db-down", Map.of(), 10_000)))
        .isInstanceOfSatisfying(Problem.class, p -> assertThat(p.status()).isEqualTo(409));
    book.grant("l0", lease("db-down", Map.of(), 10_000));
    pass(Duration.ofSeconds(10));
    book.grant("l8", lease("db-down", Map.of(), 10_000));
    assertThat(book.active()).hasSize(1);
  }

  @Test
  void readsEachKindWithItsDefaults() {
    assertThat(fault("latency", Map.of("millis", 100)))
        .isEqualTo(new Fault.Latency(Duration.ofMillis(100), Duration.ZERO, 1));
    assertThat(fault("errors", Map.of("ratio", 0.5))).isEqualTo(new Fault.Errors(0.5, 500));
    assertThat(fault("cpu", Map.of())).isEqualTo(new Fault.Cpu(1));
    assertThat(fault("memory", Map.of("megabytes", 12))).isEqualTo(new Fault.Memory(12));
    assertThat(fault("db-latency", Map.of("millis", 5)))
        .isEqualTo(new Fault.DbLatency(Duration.ofMillis(5)));
    assertThat(fault("db-errors", Map.of())).isEqualTo(new Fault.DbErrors(1));
    assertThat(fault("slow-query", Map.of())).isEqualTo(new Fault.SlowQuery(Duration.ofSeconds(2)));
  }

  @Test
  void namesEveryParameterThatIsWrong() {
    var problem =
        catchThrowableOfType(
            Problem.class,
            () ->
                book.grant(
                    "a",
                    lease(
                        "latency",
                        Map.of("jitter-millis", -1, "ratio", "all", "speed", 3),
                        10_001)));

    assertThat(problem.status()).isEqualTo(400);
    assertThat(problem.faults())
        .containsExactly(
            new Problem.Fault("ttlMillis", "expected 1 to 10000"),
            new Problem.Fault(
                "parameters.millis", "expected a number from 1 to 30000, found nothing"),
            new Problem.Fault(
                "parameters.jitter-millis", "expected a number from 0 to 30000, found '-1'"),
            new Problem.Fault("parameters.ratio", "expected a number from 0 to 1, found 'all'"),
            new Problem.Fault("parameters.speed", "the kind 'latency' has no such parameter"));
    assertThatThrownBy(() -> book.grant("a", lease("earthquake", Map.of(), 1)))
        .hasMessageStartingWith("kind: expected one of latency, errors");
    assertThat(book.active()).isEmpty();
  }

  private Fault fault(String kind, Map<String, Object> parameters) {
    return book.grant("x", lease(kind, parameters, 1_000)).lease().fault();
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static FaultLease lease(String kind, Map<String, Object> parameters, long ttlMillis) {
    return new FaultLease(kind, parameters, ttlMillis);
  }
}
