package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.HandMadeRules.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalBounds;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What incident-service would refuse for good is told all the same. */
class DetectedTest {
  private static final String LONG = "\ud83d\ude80".repeat(1_000);

  private static Detected fired(String service, String env) {
    // As many labels as the doors may be told to take, of any length.
    Map<String, String> labels = new TreeMap<>();
    for (int i = 0; i < 1_000; i++) {
      labels.put("l" + i, "x".repeat(5_000));
    }
    labels.put("n".repeat(300), "y");
    labels.put(Labels.SERVICE, service);
    labels.put(Labels.ENV, env);
    String expression = "depth{" + "n=\"a\",".repeat(1_500) + "m=\"a\"} > 1";
    RuleBook rules =
        new RuleBook(List.of(rule("deep", SignalKind.THRESHOLD, null, expression, 0, 0, 0)));
    Value.Sample sample = new Value.Sample(Labels.of(pairs(labels)), 9);
    return new Detector(rules)
        .onVector(rules.onExpressions().get("deep"), 1_000, List.of(sample))
        .getFirst();
  }

  private static String[] pairs(Map<String, String> labels) {
    return labels.entrySet().stream()
        .flatMap(l -> List.of(l.getKey(), l.getValue()).stream())
        .toArray(String[]::new);
  }

  @Test
  void keepsTheBoundsOfTheReceiver() {
    Detected fired = fired(LONG + "1", " ");
    Signal message = fired.message();

    assertThat(message).isEqualTo(SignalBounds.fitted(message));
    assertThat(message.service()).hasSizeLessThanOrEqualTo(SignalBounds.NAME).endsWith("…");
    assertThat(message.env()).isEqualTo("default");
    SignalEvidence evidence = message.evidence();
    assertThat(evidence).isNotNull();
    assertThat(evidence.expression()).hasSize(SignalBounds.EVIDENCE);
    assertThat(evidence.labels()).hasSize(SignalBounds.LABELS);
    assertThat(evidence.labels().values()).allMatch(v -> v.length() <= SignalBounds.EVIDENCE);
    assertThat(message.summary()).hasSizeLessThanOrEqualTo(SignalBounds.SUMMARY);
  }

  @Test
  void tellsApartWhatIsCutToTheSame() {
    Detected one = fired(LONG + "1", "prod");
    Detected other = fired(LONG + "2", "prod");

    assertThat(one.message().service()).isEqualTo(other.message().service());
    assertThat(one.message().fingerprint()).isNotEqualTo(other.message().fingerprint());
    assertThat(one.message().id()).isNotEqualTo(other.message().id());
  }

  @Test
  void remembersItUnderItsOwnName() {
    Detected fired = fired(LONG + "1", " ");

    assertThat(fired.signal().service()).isEqualTo(LONG + "1");
    assertThat(fired.signal().env()).isEqualTo(" ");
  }
}
