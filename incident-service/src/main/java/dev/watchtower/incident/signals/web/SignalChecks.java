package dev.watchtower.incident.signals.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.problem.Texts;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalBounds;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.incident.lifecycle.web.Input;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Refuses signals that cannot be used, naming the field. */
final class SignalChecks {
  private SignalChecks() {}

  /**
   * The signal, its times kept to the microsecond. What was measured is left out where it is no
   * finite number: JSON has none for it.
   *
   * @throws Problem 400 that names the first field at fault
   */
  static Signal checked(Signal signal) {
    present("id", signal.id());
    name("fingerprint", signal.fingerprint());
    present("kind", signal.kind());
    present("status", signal.status());
    name("rule", signal.rule());
    name("service", signal.service());
    Texts.plain("service", signal.service());
    name("env", signal.env());
    Texts.plain("env", signal.env());
    present("severity", signal.severity());
    text("summary", signal.summary(), SignalBounds.SUMMARY);
    present("at", signal.at());
    var unusedAt = Input.time("at", signal.at());
    var unusedLimit = Input.time("deliverBy", signal.deliverBy());
    var evidence = signal.evidence();
    if (evidence != null) {
      check(evidence);
      evidence = finite(evidence);
    }
    return new Signal(
        signal.id(),
        signal.fingerprint(),
        signal.kind(),
        signal.status(),
        signal.rule(),
        signal.service(),
        signal.env(),
        signal.severity(),
        signal.summary(),
        signal.at().truncatedTo(ChronoUnit.MICROS),
        evidence,
        signal.deliverBy() == null ? null : signal.deliverBy().truncatedTo(ChronoUnit.MICROS));
  }

  private static SignalEvidence finite(SignalEvidence evidence) {
    return new SignalEvidence(
        evidence.expression(),
        finite(evidence.value()),
        finite(evidence.threshold()),
        evidence.from(),
        evidence.to(),
        evidence.labels());
  }

  private static @Nullable Double finite(@Nullable Double value) {
    return value == null || Double.isFinite(value) ? value : null;
  }

  private static void check(SignalEvidence evidence) {
    text("evidence.expression", evidence.expression(), SignalBounds.EVIDENCE);
    Map<String, String> labels = evidence.labels();
    if (labels.size() > SignalBounds.LABELS) {
      throw Problem.badField("evidence.labels", "at most " + SignalBounds.LABELS + " labels");
    }
    labels.forEach((label, value) -> {
      text("evidence.labels", label, SignalBounds.NAME);
      text("evidence.labels." + label, value, SignalBounds.EVIDENCE);
    });
  }

  private static void present(String path, @Nullable Object value) {
    if (value == null) {
      throw Problem.badField(path, "this field is required");
    }
  }

  private static void name(String path, @Nullable String value) {
    text(path, value, SignalBounds.NAME);
    if (value == null || value.isBlank()) {
      throw Problem.badField(path, "must not be empty");
    }
  }

  private static void text(String path, @Nullable String value, int max) {
    if (value == null) {
      throw Problem.badField(path, "this field is required");
    }
    if (value.length() > max) {
      throw Problem.badField(path, "at most " + max + " characters");
    }
    Texts.storable(path, value);
  }
}
