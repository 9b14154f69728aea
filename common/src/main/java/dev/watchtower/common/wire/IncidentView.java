package dev.watchtower.common.wire;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An incident as every reader sees it.
 *
 * @param id its identity
 * @param number a short number for people, rising
 * @param version rises by one with every change; sent back with a transition for the optimistic
 *     lock
 * @param allowedEvents the events that a person may send now
 * @param signals the signals gathered so far, the newest state of each fingerprint
 * @param recurrenceOf the earlier incident that this one repeats
 * @param severityBy who says how bad it is: {@value #BY_RULE}, or {@code PERSON} and a name
 * @param responders who works on it and in which role
 * @param tasks what is to be done, in the order of making
 * @param flapping whether one of its signals fires and clears again and again
 * @param statusUpdates what the public was told, the oldest first; at most the newest 50
 * @param partial whether signals, or some of what they say, are left out of {@code signals}
 */
public record IncidentView(
    UUID id,
    long number,
    String title,
    IncidentState state,
    Severity severity,
    String service,
    String env,
    long version,
    Instant openedAt,
    @Nullable Instant acknowledgedAt,
    @Nullable Instant mitigatedAt,
    @Nullable Instant resolvedAt,
    @Nullable String assignee,
    List<IncidentEvent> allowedEvents,
    List<IncidentSignal> signals,
    @Nullable UUID recurrenceOf,
    String severityBy,
    List<Responder> responders,
    List<Task> tasks,
    Boolean flapping,
    List<StatusUpdate> statusUpdates,
    Boolean partial) {
  /** {@code severityBy} where no person has decided. */
  public static final String BY_RULE = "rule";

  // A copy that an older version has kept lacks the newer members.
  public IncidentView {
    severityBy = Objects.requireNonNullElse(severityBy, BY_RULE);
    responders = Objects.requireNonNullElse(responders, List.of());
    tasks = Objects.requireNonNullElse(tasks, List.of());
    statusUpdates = Objects.requireNonNullElse(statusUpdates, List.of());
    flapping = Objects.requireNonNullElse(flapping, false);
    partial = Objects.requireNonNullElse(partial, false);
  }

  /** The same with only these signals, which are not all or do not say all. */
  public IncidentView inPart(List<IncidentSignal> some) {
    return with(some, true);
  }

  /** The same with these signals. */
  public IncidentView withSignals(List<IncidentSignal> others) {
    return with(others, partial);
  }

  private IncidentView with(List<IncidentSignal> others, boolean inPart) {
    return new IncidentView(
        id,
        number,
        title,
        state,
        severity,
        service,
        env,
        version,
        openedAt,
        acknowledgedAt,
        mitigatedAt,
        resolvedAt,
        assignee,
        allowedEvents,
        others,
        recurrenceOf,
        severityBy,
        responders,
        tasks,
        flapping,
        statusUpdates,
        inPart);
  }

  /** An incident that nobody has touched yet. */
  public IncidentView(
      UUID id,
      long number,
      String title,
      IncidentState state,
      Severity severity,
      String service,
      String env,
      long version,
      Instant openedAt,
      @Nullable Instant acknowledgedAt,
      @Nullable Instant mitigatedAt,
      @Nullable Instant resolvedAt,
      @Nullable String assignee,
      List<IncidentEvent> allowedEvents,
      List<IncidentSignal> signals,
      @Nullable UUID recurrenceOf) {
    this(
        id,
        number,
        title,
        state,
        severity,
        service,
        env,
        version,
        openedAt,
        acknowledgedAt,
        mitigatedAt,
        resolvedAt,
        assignee,
        allowedEvents,
        signals,
        recurrenceOf,
        BY_RULE,
        List.of(),
        List.of(),
        false,
        List.of(),
        false);
  }

  /**
   * Whether this tells more than {@code other} about the same incident: a later version, or what
   * the public was told since. A resolved incident has no later versions, but can be told of.
   */
  public boolean isNewerThan(IncidentView other) {
    return version == other.version
        ? lastTold().isAfter(other.lastTold())
        : version > other.version;
  }

  /** When the public was told something last; {@link Instant#MIN} for never. */
  public Instant lastTold() {
    var told = statusUpdates.isEmpty() ? null : statusUpdates.getLast().publishedAt();
    return told == null ? Instant.MIN : told;
  }

  /** What a responder does in an incident. */
  public enum Role {
    /** Leads it and decides; at most one at a time. */
    INCIDENT_COMMANDER,
    /** Writes down what happens. */
    SCRIBE,
    RESPONDER
  }

  /** Somebody who works on the incident. */
  public record Responder(String name, Role role, Instant since) {}

  /** Where a task stands. */
  public enum TaskState {
    OPEN,
    DONE,
    CANCELLED
  }

  /**
   * Something to be done in the incident.
   *
   * @param doneAt when it was done or cancelled; null while it is open
   */
  public record Task(
      UUID id,
      String text,
      @Nullable String assignee,
      TaskState state,
      String createdBy,
      Instant createdAt,
      @Nullable Instant doneAt) {}

  /**
   * A signal within an incident.
   *
   * @param firedAt when it fired last
   * @param clearedAt when it cleared, absent while it fires
   * @param flapping whether it fires and clears again and again: its changes are not told one by
   *     one
   */
  public record IncidentSignal(
      String fingerprint,
      SignalKind kind,
      SignalStatus status,
      String rule,
      String service,
      Severity severity,
      String summary,
      Instant firedAt,
      @Nullable Instant clearedAt,
      @Nullable SignalEvidence evidence,
      Boolean flapping) {
    public IncidentSignal {
      flapping = Objects.requireNonNullElse(flapping, false);
    }

    /**
     * The kind by which something may be done or concluded: whatever a sender calls it, what is no
     * detection and no probe of ours is a word from outside.
     */
    public SignalKind provenKind() {
      return Fingerprints.isForeign(fingerprint) ? SignalKind.EXTERNAL : kind;
    }

    /** What fires before what has cleared, and of those the first to fire. */
    public static final Comparator<IncidentSignal> FIRST_THAT_FIRES =
        Comparator.comparing((IncidentSignal s) -> s.status() != SignalStatus.FIRING)
            .thenComparing(IncidentSignal::firedAt);

    /** The same with another summary and, if it has evidence, another expression and no labels. */
    public IncidentSignal inBrief(String briefly, UnaryOperator<String> expression) {
      return new IncidentSignal(
          fingerprint,
          kind,
          status,
          rule,
          service,
          severity,
          briefly,
          firedAt,
          clearedAt,
          evidence == null
              ? null
              : new SignalEvidence(
                  expression.apply(evidence.expression()),
                  evidence.value(),
                  evidence.threshold(),
                  evidence.from(),
                  evidence.to(),
                  Map.of()),
          flapping);
    }

    /** A signal that keeps still. */
    public IncidentSignal(
        String fingerprint,
        SignalKind kind,
        SignalStatus status,
        String rule,
        String service,
        Severity severity,
        String summary,
        Instant firedAt,
        @Nullable Instant clearedAt,
        @Nullable SignalEvidence evidence) {
      this(
          fingerprint,
          kind,
          status,
          rule,
          service,
          severity,
          summary,
          firedAt,
          clearedAt,
          evidence,
          false);
    }

    /** The same, flapping or not. */
    public IncidentSignal flapping(boolean flaps) {
      return new IncidentSignal(
          fingerprint,
          kind,
          status,
          rule,
          service,
          severity,
          summary,
          firedAt,
          clearedAt,
          evidence,
          flaps);
    }
  }
}
