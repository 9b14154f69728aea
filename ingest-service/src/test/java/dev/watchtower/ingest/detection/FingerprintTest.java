package dev.watchtower.ingest.detection;

import static dev.watchtower.ingest.detection.HandMadeRules.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
import java.util.List;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  private static String text(String... labels) {
    return Fingerprint.text("full", "shop", "prod", Labels.of(labels));
  }

  @Test
  void staysAsItWas() {
    assertThat(text("a", "1", "uri", "/x?y=1|2", "z", "p,q"))
        .isEqualTo("full|shop|prod|a=1,uri=/x?y=1|2,z=p,q");
    assertThat(Fingerprint.of("full", "shop", "prod", Labels.EMPTY))
        .isEqualTo("0fb46a2764ff1fc153a5884554fadf71");
  }

  @Test
  void differsWhereValuesLookLikeLabels() {
    assertThat(text("a", "1,b=2")).isNotEqualTo(text("a", "1", "b", "2"));
    assertThat(text("a", "1=1,b=2")).isNotEqualTo(text("a", "1=1", "b", "2"));
    assertThat(text("a", "1,x,b=2")).isNotEqualTo(text("a", "1,x", "b", "2"));
    assertThat(text("a", "|5|1,b=2")).isNotEqualTo(text("a", "1,b=2"));
    assertThat(Fingerprint.text("r", "a|b", "c", Labels.EMPTY))
        .isNotEqualTo(Fingerprint.text("r", "a", "b|c", Labels.EMPTY));
  }

  @Test
  void endsUnderTheFingerprintUnderWhichItWasTold() {
    RuleBook rules =
        new RuleBook(List.of(rule("full", SignalKind.THRESHOLD, null, "depth > 100", 0, 0, 0)));
    RuleBook.ExpressionRule full = rules.onExpressions().get("full");
    Labels labels = Labels.of("service", "shop", "tags", "a,b=c");
    List<Value.Sample> breach = List.of(new Value.Sample(labels, 200));
    Detected fired = new Detector(rules).onVector(full, 1_000, breach).getFirst();
    Signal now = fired.signal();
    Signal before =
        new Signal(
            now.id(),
            "told before",
            now.kind(),
            now.status(),
            now.rule(),
            now.service(),
            now.env(),
            now.severity(),
            now.summary(),
            now.at(),
            now.evidence(),
            null);
    Detector later = new Detector(rules);
    later.restore(List.of(new Detected(before, labels)));

    assertThat(later.onVector(full, 2_000, breach)).isEmpty();
    assertThat(later.onVector(full, 3_000, List.of()).getFirst().signal().fingerprint())
        .isEqualTo("told before");
    assertThat(later.onVector(full, 4_000, breach).getFirst().signal().fingerprint())
        .isEqualTo(now.fingerprint());
  }
}
