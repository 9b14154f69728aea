package dev.watchtower.launcher.lifecycle;

/** Where a supervised process is in its life. */
public enum Phase {
  /** Not wanted, or not started yet. */
  STOPPED,
  /** Launched, has not answered its health check yet. */
  STARTING,
  /** Runs and answers its health check. */
  HEALTHY,
  /** Runs, has been healthy, and does not answer its health check any more. */
  UNHEALTHY,
  /** Was asked to end. */
  STOPPING,
  /** Died; is started again when its pause is over. */
  BACK_OFF,
  /** Was crashed on purpose, and stays down while a lease says so. */
  HELD_DOWN
}
