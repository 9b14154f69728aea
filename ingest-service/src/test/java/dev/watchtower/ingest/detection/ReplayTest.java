package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.HandMadeRules.ERRORS;
import static dev.watchtower.ingest.detection.HandMadeRules.rule;
import static dev.watchtower.ingest.detection.HandMadeRules.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Freshness;
import dev.watchtower.ingest.series.Labels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The same samples at the same instants give the same signals, to the byte. */
class ReplayTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void thresholdsAndSilenceSayTheSameTwice(long seed) {
    List<Signal> once = run(new Random(seed));
    List<Signal> twice = run(new Random(seed));

    assertThat(once)
        .extracting(Signal::rule)
        .contains(ERRORS.name(), "queue", "silent")
        .hasSizeGreaterThan(20);
    assertThat(JSON.writeValueAsBytes(twice)).isEqualTo(JSON.writeValueAsBytes(once));
    assertThat(JSON.writeValueAsBytes(run(new Random(seed + 100))))
        .isNotEqualTo(JSON.writeValueAsBytes(once));
  }

  private static List<Signal> run(Random random) {
    var rules =
        new RuleBook(
            List.of(
                ERRORS,
                rule("queue", SignalKind.THRESHOLD, null, "queue_depth > 100", 0, 5, 0),
                rule("silent", SignalKind.NO_DATA, null, null, 0, 5, 0)));
    var detector = new Detector(rules);
    var registry = new ServiceRegistry();
    var detected = new ArrayList<Detected>();
    boolean bad = false;
    boolean silent = false;
    for (long second = 100; second < 3_000; second++) {
      bad ^= random.nextInt(60) == 0;
      silent ^= random.nextInt(90) == 0;
      if (!silent) {
        // Some come late.
        long at = second - random.nextInt(4);
        detected.addAll(detector.onSignals(snapshot(at, bad ? 0.4 : 0.01, random.nextInt(20))));
        registry.recall(
            List.of(new Freshness.LastSample("checkout", "prod", Instant.ofEpochSecond(at))),
            second * 1000);
      }
      var queues = new ArrayList<Value.Sample>();
      for (int i = 0; i < 3; i++) {
        if ((random.nextInt(20) > 0) == bad) {
          queues.add(new Value.Sample(Labels.of("queue", "q" + i), 101 + random.nextInt(100)));
        }
      }
      detected.addAll(detector.onVector(rules.onExpressions().get("queue"), second * 1000, queues));
      detected.addAll(detector.onSilence(registry.all(), 0, second * 1000));
    }
    return detected.stream().map(Detected::signal).toList();
  }
}
