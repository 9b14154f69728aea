package dev.watchtower.common.security;

/**
 * What a bearer token may do. The first five are given to people's machines; the rest pass between
 * services only.
 */
public enum Scope {
  INGEST_WRITE("ingest:write"),
  READ("read"),
  RESPOND("respond"),
  CHAOS("chaos"),
  ADMIN("admin"),
  /** Hand signals to incident-service. */
  SIGNALS_WRITE("signals:write"),
  /** Record change events at ingest-service. */
  EVENTS_WRITE("events:write"),
  /** Ask analysis-service for an analysis. */
  ANALYSIS_REQUEST("analysis:request"),
  /** Write an analysis onto an incident's timeline. */
  ANALYSIS_WRITE("analysis:write"),
  /** Hold a fault at a chaos agent. */
  FAULT("fault"),
  /** Restart a supervised process. */
  SUPERVISE("supervise"),
  /** Crash a supervised process and hold it down. */
  CRASH("crash"),
  /** Stop a chaos run, and nothing else with it. */
  CHAOS_STOP("chaos:stop"),
  /**
   * Create, list and revoke machine tokens through monitor-service, and give people a new password.
   */
  TOKENS("tokens"),
  /** Fetch the list of revoked tokens. */
  REVOCATIONS("revocations");

  private final String text;

  Scope(String text) {
    this.text = text;
  }

  /** The scope as it stands in tokens and contracts, for example {@code ingest:write}. */
  public String text() {
    return text;
  }

  /**
   * The scope written {@code text}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Scope of(String text) {
    for (var scope : values()) {
      if (scope.text.equals(text)) {
        return scope;
      }
    }
    throw new IllegalArgumentException("unknown scope '" + text + "'");
  }
}
