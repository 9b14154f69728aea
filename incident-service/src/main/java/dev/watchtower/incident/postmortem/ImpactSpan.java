package dev.watchtower.incident.postmortem;

import dev.watchtower.incident.lifecycle.Incident;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** Decides for which time an incident's impact is measured. Pure. */
final class ImpactSpan {
  /** With less, there may be no two samples to compare. */
  private static final Duration SHORTEST = Duration.ofMinutes(1);

  private ImpactSpan() {}

  /**
   * From when it began, or the opening where that is not known, until users were no longer
   * affected; until {@code now} if they are.
   */
  static Impact.Span of(Incident incident, Set<String> touched, Instant now) {
    var marks = incident.marks();
    var began = marks.began();
    var first = began == null ? marks.opened() : began;
    var end = marks.mitigated() == null ? marks.resolved() : marks.mitigated();
    var to = end == null ? now : end;
    var from = first.isBefore(to.minus(SHORTEST)) ? first : to.minus(SHORTEST);
    var subject = incident.subject();
    return new Impact.Span(subject.service(), touched, subject.env(), from, to);
  }
}
