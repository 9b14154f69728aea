package dev.watchtower.incident.postmortem;

import dev.watchtower.common.wire.Actor;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One revision of an incident's postmortem. Immutable.
 *
 * @param revision 1 for the first draft
 * @param author who made this revision
 */
public record Postmortem(
    UUID incident, int revision, Map<Section, Text> sections, Actor author, Instant at) {
  /** The longest section, in characters. */
  public static final int MAX_TEXT = 50_000;

  /** The most revisions. */
  public static final int MAX_REVISIONS = 500;

  /**
   * What a section says.
   *
   * @param text Markdown
   * @param editedBy the person whose words these are; null for the system's draft
   */
  public record Text(String text, @Nullable String editedBy) {}

  public Postmortem {
    sections = Map.copyOf(sections);
  }

  /** What a section says; nothing where it was never written. */
  public Text section(Section section) {
    return sections.getOrDefault(section, new Text("", null));
  }

  /** The next revision, with {@code edits} as a person's words. */
  Postmortem edited(Map<Section, String> edits, Actor person, Instant now) {
    var next = new EnumMap<Section, Text>(Section.class);
    next.putAll(sections);
    edits.forEach((section, text) -> {
      if (!section(section).text().equals(text)) {
        next.put(section, new Text(text, person.name()));
      }
    });
    return new Postmortem(incident, revision + 1, next, person, notBefore(now));
  }

  /** The next revision with a new draft; what people wrote stays as it is. */
  Postmortem redrafted(Map<Section, String> draft, Actor author, Instant now) {
    var next = new EnumMap<Section, Text>(Section.class);
    next.putAll(sections);
    draft.forEach((section, text) -> {
      if (section(section).editedBy() == null) {
        next.put(section, new Text(text, null));
      }
    });
    return new Postmortem(incident, revision + 1, next, author, notBefore(now));
  }

  /**
   * No revision is older than the one before it: who asked first may have waited longer for what
   * the others know.
   */
  private Instant notBefore(Instant now) {
    return now.isBefore(at) ? at : now;
  }
}
