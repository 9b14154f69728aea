package dev.watchtower.analysis.run.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.IncidentView;
import org.jspecify.annotations.Nullable;

/** Whether a view of an incident that came over the wire has what an analysis needs. */
final class Completeness {
  private static final int MOST_SIGNALS = 500;

  private Completeness() {}

  static void check(IncidentView incident) {
    need("incident.service", incident.service());
    need("incident.env", incident.env());
    need("incident.state", incident.state());
    need("incident.severity", incident.severity());
    need("incident.openedAt", incident.openedAt());
    need("incident.signals", incident.signals());
    if (incident.signals().size() > MOST_SIGNALS) {
      throw Problem.badField("incident.signals", "at most " + MOST_SIGNALS);
    }
    for (int i = 0; i < incident.signals().size(); i++) {
      var path = "incident.signals[" + i + "]";
      var signal = need(path, incident.signals().get(i));
      need(path + ".fingerprint", signal.fingerprint());
      need(path + ".kind", signal.kind());
      need(path + ".status", signal.status());
      need(path + ".rule", signal.rule());
      need(path + ".service", signal.service());
      need(path + ".summary", signal.summary());
      need(path + ".firedAt", signal.firedAt());
    }
  }

  private static <T> T need(String path, @Nullable T value) {
    if (value == null) {
      throw Problem.badField(path, "it is missing");
    }
    return value;
  }
}
