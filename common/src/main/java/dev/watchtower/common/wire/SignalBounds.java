package dev.watchtower.common.wire;

import dev.watchtower.common.problem.Texts;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How much of a signal is taken, and a signal that was made from anything made to be taken. A
 * receiver refuses for good what is beyond these bounds, so a sender that knows no smaller ones of
 * its own sends only what is {@link #fitted}. Lengths are in characters. Pure; thread-safe.
 */
public final class SignalBounds {
  /** Fingerprint, rule, service and environment, which must not be blank, and names of labels. */
  public static final int NAME = 200;

  /** The summary. */
  public static final int SUMMARY = 500;

  /** The expression of the evidence, and each value of its labels. */
  public static final int EVIDENCE = 4_000;

  /** Labels of the evidence. */
  public static final int LABELS = 64;

  /** Stands for a service or an environment whose name is blank. */
  public static final String NAMELESS = "default";

  private static final String ELLIPSIS = "…";

  private SignalBounds() {}

  /**
   * The signal, if its texts are within the bounds, or one with what is too long cut, names that
   * are blank replaced, characters that are not stored replaced too, and of too many labels the
   * first ones by name. Its fingerprint stays: it tells apart what was cut to the same.
   */
  public static Signal fitted(Signal signal) {
    return new Signal(
        signal.id(),
        signal.fingerprint(),
        signal.kind(),
        signal.status(),
        signal.rule(),
        name(signal.service()),
        name(signal.env()),
        signal.severity(),
        text(signal.summary(), SUMMARY),
        signal.at(),
        fitted(signal.evidence()),
        signal.deliverBy());
  }

  private static @Nullable SignalEvidence fitted(@Nullable SignalEvidence evidence) {
    if (evidence == null) {
      return null;
    }
    Map<String, String> labels = new TreeMap<>();
    for (var label : new TreeMap<>(evidence.labels()).entrySet()) {
      if (labels.size() < LABELS) {
        labels.putIfAbsent(text(label.getKey(), NAME), text(label.getValue(), EVIDENCE));
      }
    }
    return new SignalEvidence(
        text(evidence.expression(), EVIDENCE),
        evidence.value(),
        evidence.threshold(),
        evidence.from(),
        evidence.to(),
        labels);
  }

  private static String name(String name) {
    var plain = cut(Texts.madePlain(name), NAME);
    return plain.isBlank() ? NAMELESS : plain;
  }

  private static String text(String text, int longest) {
    return cut(Texts.madeStorable(text), longest);
  }

  /** The text, or its beginning and an ellipsis; no pair of surrogates is torn. */
  public static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = longest - ELLIPSIS.length();
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
        + ELLIPSIS;
  }
}
