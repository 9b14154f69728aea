package dev.watchtower.monitor.fallback;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalBounds;
import dev.watchtower.common.wire.SignalEvidence;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One time that something was found down, from the finding to the recovery.
 *
 * @param since the first failed check
 * @param firedAt when it was found to be down
 * @param clearedAt when it was found to be up again
 * @param route who tells people
 * @param firingSignal idempotency key of the FIRING signal
 * @param clearedSignal idempotency key of the CLEARED signal
 * @param firingDone whether incident-service has the FIRING signal, or will never take it
 * @param clearedDone the same for CLEARED
 */
public record Outage(
    UUID id,
    String target,
    String service,
    String env,
    Severity severity,
    String reason,
    Instant since,
    Instant firedAt,
    @Nullable Instant clearedAt,
    Route route,
    UUID firingSignal,
    UUID clearedSignal,
    boolean firingDone,
    boolean clearedDone) {
  /** How long incident-service has before people are told without it. */
  public static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Who tells people about it. Decided once, never changed after. */
  public enum Route {
    /** Not decided: incident-service still has time. */
    PENDING,
    /** incident-service took the signal in time and tells them. */
    INCIDENT,
    /** It did not: this service tells Discord itself. */
    DISCORD
  }

  /** Until when incident-service may take it. */
  public Instant deliverBy() {
    return firedAt.plus(DEADLINE);
  }

  /** The rule's name in signals. */
  public String rule() {
    return "probe-" + target;
  }

  /** One sentence: what is down and why. */
  public String summary() {
    var text = service + " does not answer its probe: " + reason;
    return SignalBounds.cut(text, SignalBounds.SUMMARY);
  }

  /**
   * The signal that says it is down. Once Discord is told it comes too late by any clock: one that
   * was put back must not have incident-service tell there again.
   */
  public Signal firing() {
    return firing(route == Route.DISCORD ? Instant.EPOCH : deliverBy());
  }

  /** The same, of which incident-service is to tell people however late it takes it. */
  public Signal firingAtAnyTime() {
    return firing(null);
  }

  private Signal firing(@Nullable Instant until) {
    return signal(firingSignal, SignalStatus.FIRING, summary(), since, until);
  }

  /** The signal that says it is over; only once it is. */
  public Signal cleared() {
    if (clearedAt == null) {
      throw new IllegalStateException("the outage of " + target + " goes on");
    }
    return signal(
        clearedSignal,
        SignalStatus.CLEARED,
        service + " answers its probe again",
        clearedAt,
        deliverBy());
  }

  private Signal signal(
      UUID signalId, SignalStatus status, String text, Instant at, @Nullable Instant until) {
    // What incident-service refuses, it refuses for good; a part of the text is from outside.
    return SignalBounds.fitted(
        new Signal(
            signalId,
            fingerprint(),
            SignalKind.SERVICE_DOWN,
            status,
            rule(),
            service,
            env,
            severity,
            text,
            at,
            new SignalEvidence("probe " + target, null, null, since, at, Map.of()),
            until));
  }

  private String fingerprint() {
    try {
      var hash =
          MessageDigest.getInstance("SHA-256")
              .digest((rule() + "|" + service + "|" + env + "|").getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, 32);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
