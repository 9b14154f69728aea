package dev.watchtower.common.wire;

import java.util.Optional;

/**
 * The fingerprints of signals from outside, which tell who sent them; those of our own detection
 * and probes are hexadecimal. Pure.
 */
public final class Fingerprints {
  /** Between the parts of a fingerprint; no name of a sender has it. */
  private static final char BETWEEN = '/';

  private static final String ALERTMANAGER = "am:";

  private Fingerprints() {}

  /**
   * The fingerprint of what {@code sender} calls {@code fingerprint} at a service: what it calls
   * the same at another one, or in another environment, is another thing.
   */
  public static String of(String sender, String env, String service, String fingerprint) {
    return sender + BETWEEN + part(env) + BETWEEN + part(service) + BETWEEN + fingerprint;
  }

  private static String part(String name) {
    return name.replace("%", "%25").replace("/", "%2F");
  }

  /**
   * The form that {@link #of} had before environment and service were a part of it: incidents of
   * then have their signals under it. Empty for what is of another form.
   */
  public static Optional<String> formerly(String fingerprint) {
    var parts = fingerprint.split(String.valueOf(BETWEEN), 4);
    return parts.length < 4 || fingerprint.startsWith(ALERTMANAGER)
        ? Optional.empty()
        : Optional.of(parts[0] + BETWEEN + parts[3]);
  }

  /** The fingerprint of an alert that Alertmanager calls {@code fingerprint}. */
  public static String ofAlertmanager(String fingerprint) {
    return ALERTMANAGER + fingerprint;
  }

  /** Whether neither ingest nor monitor has sent what has this fingerprint. */
  public static boolean isForeign(String fingerprint) {
    return fingerprint.startsWith(ALERTMANAGER) || fingerprint.indexOf(BETWEEN) >= 0;
  }

  /** The sender of a foreign signal; empty for Alertmanager. */
  public static Optional<String> sender(String fingerprint) {
    return fingerprint.startsWith(ALERTMANAGER)
        ? Optional.empty()
        : Optional.of(fingerprint.substring(0, fingerprint.indexOf(BETWEEN)));
  }
}
