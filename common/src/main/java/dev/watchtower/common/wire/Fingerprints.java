package dev.watchtower.common.wire;

import java.util.Optional;

/**
 * The fingerprints of signals from outside, which tell who sent them; those of our own detection
 * and probes are hexadecimal. Pure.
 */
public final class Fingerprints {
  /** Between a sender and its own fingerprint; no name of a sender has it. */
  private static final char BETWEEN = '/';

  private static final String ALERTMANAGER = "am:";

  private Fingerprints() {}

  /** The fingerprint of what {@code sender} calls {@code fingerprint}. */
  public static String of(String sender, String fingerprint) {
    return sender + BETWEEN + fingerprint;
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
