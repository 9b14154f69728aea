package dev.watchtower.incident.lifecycle;

/**
 * Is told of every change within its transaction: what a listener writes is stored with the change
 * or not at all, and what it throws undoes the change.
 */
@FunctionalInterface
public interface IncidentListener {
  /** An incident was opened, changed, or got timeline entries. */
  void changed(IncidentChange change);
}
