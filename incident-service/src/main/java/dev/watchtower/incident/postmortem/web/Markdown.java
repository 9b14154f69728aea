package dev.watchtower.incident.postmortem.web;

import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.postmortem.ActionItem;
import dev.watchtower.incident.postmortem.DraftText;
import dev.watchtower.incident.postmortem.Postmortem;
import dev.watchtower.incident.postmortem.Section;
import java.util.List;

/** A postmortem as one Markdown document. */
final class Markdown {
  private Markdown() {}

  static String of(Incident incident, Postmortem postmortem, List<ActionItem> items) {
    var text = new StringBuilder(4096);
    text.append("# Postmortem of #%d: ".formatted(incident.number()))
        .append(DraftText.plain(incident.subject().title()))
        .append(
            "\n\nRevision %d, %s, by %s\n"
                .formatted(postmortem.revision(), postmortem.at(), postmortem.author().name()));
    for (var section : Section.values()) {
      text.append("\n## ").append(section.heading()).append("\n\n");
      text.append(postmortem.section(section).text().strip()).append('\n');
    }
    text.append("\n## Action items\n\n");
    if (items.isEmpty()) {
      text.append("None.\n");
    }
    for (var item : items) {
      text.append("- [%s] ".formatted(item.state() == ActionItem.State.OPEN ? " " : "x"))
          .append(item.text().replace('\n', ' '))
          .append(" (%s".formatted(item.owner() == null ? "no owner" : item.owner()))
          .append(item.due() == null ? "" : ", due " + item.due())
          .append(item.state() == ActionItem.State.DROPPED ? ", dropped)" : ")")
          .append('\n');
    }
    return text.toString();
  }
}
