package dev.watchtower.incident.correlation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Services that call one another by nothing but a service that all of them call. */
class SharedServiceIT extends RunningCorrelation {
  private String fire(String service) {
    return fire(service, "r", Severity.SEV2);
  }

  private List<JsonNode> lasting(String name, int callers) {
    return Stream.concat(
            IntStream.rangeClosed(1, callers).mapToObj(i -> name + "-" + i),
            Stream.of(name + "-db"))
        .flatMap(service ->
            responder()
                .get("/api/v1/incidents?service=" + service)
                .body()
                .path("items")
                .valueStream())
        .filter(i -> !i.path("state").asString().equals("RESOLVED"))
        .distinct()
        .toList();
  }

  @Test
  void theIncidentsOfItsCallersBecomeOneOnceTheServiceThatAllCallFires() {
    var callers = IntStream.rangeClosed(1, 20).mapToObj(i -> fire("star-" + i)).toList();
    assertThat(callers).as("nothing says yet that it is one failure").doesNotHaveDuplicates();
    advance(Duration.ofSeconds(4));

    var one = fire("star-db");

    assertThat(lasting("star", 20)).extracting(i -> i.path("id").asString()).containsExactly(one);
    assertThat(callers).contains(one);
    assertThat(incident(one).path("service").asString()).isEqualTo("star-db");
    assertThat(incident(one).path("signals")).hasSize(21);
    var merged = callers.get(callers.getFirst().equals(one) ? 1 : 0);
    assertThat(timeline(merged))
        .contains("policy:correlation")
        .contains("merged into #%d: ".formatted(incident(one).path("number").asInt()))
        .contains("depends on star-db, 4 s apart");
    assertThat(timeline(one)).contains("of star-7 was merged into this one: star-7 depends on");
    assertThat(isWhole(one) && isWhole(merged)).isTrue();
    assertThat(
            responder()
                .get("/api/v1/measures?service=star-2")
                .body()
                .path("all")
                .path("dismissed")
                .asInt())
        .isZero();
    advance(Duration.ofSeconds(1));
    assertThat(
            responder()
                .post("/api/v1/signals", signal("star-5", "r", SignalStatus.CLEARED))
                .text("incident"))
        .isEqualTo(one);
  }

  @Test
  void aLessSevereSignalOfTheServiceThatAllCallMakesThemNotOne() {
    var first = fire("duo-1");
    var second = fire("duo-2");

    fire("duo-db", "slow", Severity.SEV3);

    assertThat(lasting("duo", 2))
        .extracting(i -> i.path("id").asString())
        .containsExactlyInAnyOrder(first, second);
  }

  @Test
  void theyBecomeOneAlsoWithWhatTheServiceThatAllCallHadAlready() {
    var one = fire("late-db", "slow", Severity.SEV3);
    advance(Duration.ofHours(1));
    var callers = IntStream.rangeClosed(1, 5).mapToObj(i -> fire("late-" + i)).toList();
    assertThat(callers).doesNotHaveDuplicates().doesNotContain(one);
    advance(Duration.ofSeconds(4));
    fire("late-db", "slower", Severity.SEV3);
    assertThat(lasting("late", 5)).as("too mild to explain them").hasSize(6);

    assertThat(fire("late-db", "down", Severity.SEV2)).isEqualTo(one);

    assertThat(lasting("late", 5)).extracting(i -> i.path("id").asString()).containsExactly(one);
    assertThat(incident(one).path("signals")).hasSize(8);
    assertThat(timeline(callers.get(2)))
        .contains("merged into #%d: ".formatted(incident(one).path("number").asInt()))
        .contains("late-3 depends on late-db, 4 s apart");
    assertThat(timeline(one)).contains("of late-5 was merged into this one");
    assertThat(isWhole(one) && isWhole(callers.getFirst())).isTrue();
  }

  @Test
  void whatCallersDoNotFeelMakesThemNotOne() {
    var one = fire("busy-db", "slow", Severity.SEV3);
    advance(Duration.ofHours(1));
    var first = fire("busy-1");
    var second = fire("busy-2");

    assertThat(fire("busy-db", "cpu-saturated", Severity.SEV1)).isEqualTo(one);

    assertThat(lasting("busy", 2))
        .extracting(i -> i.path("id").asString())
        .containsExactlyInAnyOrder(one, first, second);
  }

  @Test
  void aStormOfAStarGivesOneIncident() throws InterruptedException, ExecutionException {
    var signals = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 300; i++) {
      var service = i % 15 == 0 ? "hub-db" : "hub-" + (1 + i % 20);
      var signal = signal(service, "rule" + i, SignalStatus.FIRING);
      signals.add(() -> responder().post("/api/v1/signals", signal).status());
    }
    Collections.shuffle(signals, new Random(42));
    try (var executor = Executors.newFixedThreadPool(16)) {
      for (var answer : executor.invokeAll(signals)) {
        assertThat(answer.get()).isEqualTo(202);
      }
    }

    var lasting = lasting("hub", 20);

    assertThat(lasting).hasSize(1);
    assertThat(lasting.getFirst().path("service").asString()).isEqualTo("hub-db");
    assertThat(lasting.getFirst().path("signals")).hasSize(300);
    assertThat(isWhole(lasting.getFirst().path("id").asString())).isTrue();
  }
}
