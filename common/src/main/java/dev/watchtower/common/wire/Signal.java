package dev.watchtower.common.wire;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A breach began or ended: what detection, a probe or another system tells incident-service.
 *
 * @param id the idempotency key: a receiver that has seen it ignores the repetition
 * @param fingerprint the same for all signals of one rule on one service, environment and series; a
 *     CLEARED signal ends the FIRING one of the same fingerprint
 * @param kind what noticed it
 * @param status whether it begins or ends
 * @param rule name of the rule or probe
 * @param service the service it is about
 * @param env its environment
 * @param severity how bad the rule says it is
 * @param summary one sentence for people, at most 500 characters
 * @param at when the condition became true (or false), in event time
 * @param evidence what was measured
 * @param deliverBy for {@code SERVICE_DOWN} only: if the receiver takes the signal later than this,
 *     the sender has told people itself and the receiver must not notify them again
 */
public record Signal(
    UUID id,
    String fingerprint,
    SignalKind kind,
    SignalStatus status,
    String rule,
    String service,
    String env,
    Severity severity,
    String summary,
    Instant at,
    @Nullable SignalEvidence evidence,
    @Nullable Instant deliverBy) {
  /** A signal's summary with its rule's name in front, where it does not say that already. */
  public static String named(String rule, String summary) {
    var lead = rule + ": ";
    return summary.startsWith(lead) || summary.startsWith("Over: " + lead)
        ? summary
        : lead + summary;
  }
}
