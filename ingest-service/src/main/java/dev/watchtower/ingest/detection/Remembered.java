package dev.watchtower.ingest.detection;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.series.Labels;

/**
 * What a rule knows of a subject besides the signals it has told, and cannot find out again after a
 * restart.
 *
 * @param labels tell the subjects of one rule and service apart
 * @param since when it began; event time, milliseconds since the epoch
 * @param last when it was last seen to go on, not before {@code since}; the same for what is not
 *     looked at again and again
 */
public record Remembered(
    What what,
    String rule,
    ServiceKey key,
    Labels labels,
    SignalKind kind,
    Severity severity,
    long since,
    long last) {
  /** What began. */
  public enum What {
    /** A breach that has not lasted long enough to be told. */
    PENDING,
    /** The time after a breach that was told and is not over for long enough. */
    CLEARING,
    /** The cool-down of an anomaly rule. */
    RESTING,
    /** A time in which something fired on a service, of which its models keep nothing. */
    TROUBLED
  }

  /** What there is at most one of. */
  public record Id(What what, String rule, ServiceKey key, Labels labels) {
    /** The subject's, as in its signals. */
    public String fingerprint() {
      return Fingerprint.of(rule, key.service(), key.env(), labels);
    }
  }

  /** What it is about. */
  public Id id() {
    return new Id(what, rule, key, labels);
  }
}
