package dev.watchtower.monitor.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.wire.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HealthBoardTest {
  private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  private static final Instant WEEKS_AGO = Instant.parse("2026-02-01T10:00:00Z");
  private static final ProbeResult GOOD = new ProbeResult.Answered(7);
  private static final ProbeResult BAD = new ProbeResult.Failed("connection refused");
  private static final Target CHECKOUT = target("checkout");
  private static final Target STOREFRONT = target("storefront");

  private final InMemory store = new InMemory();
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);

  private static Target target(String name) {
    return new Target(
        name,
        Target.Kind.TARGET,
        name,
        "prod",
        Severity.SEV2,
        new Check.Self(),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1),
        new Damping(3, 2));
  }

  private HealthBoard board() {
    return new HealthBoard(store, Duration.ofSeconds(90), nanos::get);
  }

  private static HealthView of(HealthBoard board, Target target) {
    return board.of(target.name()).orElseThrow();
  }

  @Test
  void takesUpWhatAnEarlierProcessLeft() {
    store.save("checkout", down());

    var board = board();
    board.watch(List.of(CHECKOUT, STOREFRONT), START);

    assertThat(of(board, CHECKOUT).state()).isEqualTo(HealthState.DOWN);
    assertThat(of(board, CHECKOUT).since()).isEqualTo(WEEKS_AGO);
    assertThat(of(board, STOREFRONT).state()).isEqualTo(HealthState.UNKNOWN);
  }

  @Test
  void beginsAnewWithATargetThatComesBack() {
    store.save("checkout", down());
    var board = board();
    board.watch(List.of(CHECKOUT, STOREFRONT), START);

    board.watch(List.of(STOREFRONT), START.plusSeconds(10));
    board.watch(List.of(CHECKOUT, STOREFRONT), START.plusSeconds(20));

    assertThat(of(board, CHECKOUT).state()).isEqualTo(HealthState.UNKNOWN);
    board.take(CHECKOUT, GOOD, START.plusSeconds(21));
    assertThat(of(board, CHECKOUT).state()).isEqualTo(HealthState.UP);
    assertThat(of(board, CHECKOUT).since()).isEqualTo(START.plusSeconds(21));
  }

  @Test
  void forgetsWhatWasTakenOutWhileTheServiceWasStopped() {
    store.save("checkout", down());
    var board = board();
    board.watch(List.of(STOREFRONT), START);

    assertThat(store.load()).doesNotContainKey("checkout");
    board.watch(List.of(CHECKOUT, STOREFRONT), START.plusSeconds(20));
    assertThat(of(board, CHECKOUT).state()).isEqualTo(HealthState.UNKNOWN);
  }

  @Test
  void tellsWhatIsDownWhileTheStoreCannotBeWritten() {
    var board = board();
    nanos.addAndGet(Duration.ofSeconds(90).toNanos());
    var told = new ArrayList<HealthState>();
    board.onResult((_, _, _, _) -> {
      throw new IllegalStateException("another listener's fault");
    });
    board.onResult((_, _, after, _) -> told.add(after.state()));
    board.watch(List.of(CHECKOUT), START);
    store.full = true;

    for (int second = 1; second <= 3; second++) {
      var now = START.plusSeconds(second);
      assertThatThrownBy(() -> board.take(CHECKOUT, BAD, now))
          .hasMessage("another listener's fault");
    }

    assertThat(told).containsExactly(HealthState.UNKNOWN, HealthState.UNKNOWN, HealthState.DOWN);
    assertThat(board.unwritableSince()).contains(START.plusSeconds(1));
    store.full = false;
    assertThatThrownBy(() -> board.take(CHECKOUT, BAD, START.plusSeconds(4)));
    assertThat(board.unwritableSince()).isEmpty();
    assertThat(store.load().get("checkout").state()).isEqualTo(HealthState.DOWN);
  }

  @Test
  void tellsBeforeItWaitsForTheStore() {
    var board = board();
    board.watch(List.of(CHECKOUT), START);
    board.onResult((_, _, _, _) -> assertThat(store.load()).isEmpty());

    board.take(CHECKOUT, GOOD, START.plusSeconds(1));

    assertThat(store.load()).containsKey("checkout");
  }

  @Test
  void letsWhatStartsStartWhateverTheClockSays() {
    var board = board();
    board.watch(List.of(CHECKOUT), START);
    nanos.addAndGet(Duration.ofSeconds(89).toNanos());

    for (int second = 1; second <= 3; second++) {
      board.take(CHECKOUT, BAD, START.plus(Duration.ofDays(9)).plusSeconds(second));
    }
    assertThat(of(board, CHECKOUT).state()).isEqualTo(HealthState.UNKNOWN);

    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    board.take(CHECKOUT, BAD, START.minus(Duration.ofDays(9)));
    assertThat(of(board, CHECKOUT).state()).isEqualTo(HealthState.DOWN);
  }

  private static Observed down() {
    return Observed.restored(HealthState.DOWN, WEEKS_AGO, WEEKS_AGO, null, "connection refused");
  }

  private static final class InMemory implements ObservedStates {
    private final Map<String, Observed> states = new ConcurrentHashMap<>();
    private boolean full;

    @Override
    public Map<String, Observed> load() {
      return Map.copyOf(states);
    }

    @Override
    public void save(String target, Observed observed) {
      if (full) {
        throw new IllegalStateException("the disk is full");
      }
      states.put(target, observed);
    }

    @Override
    public void keepOnly(Set<String> targets) {
      states.keySet().retainAll(targets);
    }
  }
}
