package dev.watchtower.incident.lifecycle.jpa;

import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.Incident.Grade;
import dev.watchtower.incident.lifecycle.Incident.Marks;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import dev.watchtower.incident.lifecycle.Incident.Timers;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Generated;
import org.hibernate.generator.EventType;
import org.jspecify.annotations.Nullable;

/** A row of {@code incident}; JPA's optimistic lock is its version. */
@Entity
@Table(name = "incident")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class IncidentRow {
  @Id private UUID id;

  @Generated(event = EventType.INSERT)
  @Column(insertable = false, updatable = false)
  private Long number;

  private String title;
  private String service;
  private String env;

  @Enumerated(EnumType.STRING)
  private IncidentState state;

  @Enumerated(EnumType.STRING)
  private Severity severity;

  private String severityBy;

  private @Nullable Instant beganAt;
  private Instant openedAt;
  private @Nullable Instant acknowledgedAt;
  private @Nullable Instant mitigatedAt;
  private @Nullable Instant resolvedAt;
  private @Nullable String assignee;
  private @Nullable UUID recurrenceOf;
  private boolean declared;
  private @Nullable Instant autoResolveAt;
  private @Nullable Instant calmAt;
  @Version private long version;
  private long stateVersion;

  @SuppressWarnings("UnusedVariable") // written so that every update is dirty
  private long changes;

  IncidentRow() {}

  /** A fresh incident's row. */
  IncidentRow(UUID id, Subject subject, Grade grade, Instant at) {
    this.id = id;
    title = subject.title();
    service = subject.service();
    env = subject.env();
    recurrenceOf = subject.recurrenceOf();
    declared = subject.declared();
    state = IncidentState.OPEN;
    severity = grade.severity();
    severityBy = grade.by();
    openedAt = at;
  }

  UUID id() {
    return id;
  }

  long version() {
    return version;
  }

  /** Takes over everything about {@code incident} that may change. */
  void take(Incident incident) {
    title = incident.subject().title();
    service = incident.subject().service();
    declared = incident.subject().declared();
    state = incident.state();
    severity = incident.grade().severity();
    severityBy = incident.grade().by();
    beganAt = incident.marks().began();
    acknowledgedAt = incident.marks().acknowledged();
    mitigatedAt = incident.marks().mitigated();
    resolvedAt = incident.marks().resolved();
    assignee = incident.assignee();
    autoResolveAt = incident.timers().autoResolveAt();
    calmAt = incident.timers().calmAt();
    stateVersion = incident.stateVersion();
    changes++;
  }

  Incident incident(List<IncidentSignal> signals) {
    return new Incident(
        id,
        number,
        new Subject(title, service, env, recurrenceOf, declared),
        state,
        new Grade(severity, severityBy),
        new Marks(beganAt, openedAt, acknowledgedAt, mitigatedAt, resolvedAt),
        assignee,
        new Timers(autoResolveAt, calmAt),
        version,
        stateVersion,
        signals);
  }
}
