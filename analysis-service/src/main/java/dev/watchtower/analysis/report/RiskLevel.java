package dev.watchtower.analysis.report;

import dev.watchtower.common.wire.Severity;

/** How much is at stake, rising. */
public enum RiskLevel {
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL;

  static RiskLevel of(Severity severity) {
    return switch (severity) {
      case SEV1 -> CRITICAL;
      case SEV2 -> HIGH;
      case SEV3 -> MEDIUM;
      case SEV4 -> LOW;
    };
  }

  RiskLevel raised() {
    return values()[Math.min(ordinal() + 1, CRITICAL.ordinal())];
  }
}
