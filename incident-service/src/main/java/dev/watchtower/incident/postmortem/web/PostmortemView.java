package dev.watchtower.incident.postmortem.web;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.postmortem.ActionItem;
import dev.watchtower.incident.postmortem.Postmortem;
import dev.watchtower.incident.postmortem.Section;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A postmortem as readers see it.
 *
 * @param sections by name: summary, impact, timeline, causes, wentWell, wentBadly
 */
record PostmortemView(
    UUID incident,
    long number,
    String title,
    String service,
    String env,
    Severity severity,
    Instant openedAt,
    @Nullable Instant acknowledgedAt,
    @Nullable Instant mitigatedAt,
    @Nullable Instant resolvedAt,
    int revision,
    Actor author,
    Instant at,
    Map<String, Postmortem.Text> sections,
    List<ActionItem> actionItems) {

  static PostmortemView of(Incident incident, Postmortem postmortem, List<ActionItem> items) {
    var sections = new LinkedHashMap<String, Postmortem.Text>();
    for (var section : Section.values()) {
      sections.put(section.key(), postmortem.section(section));
    }
    var subject = incident.subject();
    var marks = incident.marks();
    return new PostmortemView(
        incident.id(),
        incident.number(),
        subject.title(),
        subject.service(),
        subject.env(),
        incident.severity(),
        marks.opened(),
        marks.acknowledged(),
        marks.mitigated(),
        marks.resolved(),
        postmortem.revision(),
        postmortem.author(),
        postmortem.at(),
        sections,
        items);
  }
}
