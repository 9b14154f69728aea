package dev.watchtower.incident.postmortem;

import java.util.Locale;

/** The parts of a postmortem that are text, in the order of the document. */
public enum Section {
  SUMMARY("Summary"),
  IMPACT("Impact"),
  TIMELINE("Timeline"),
  CAUSES("Contributing causes"),
  WENT_WELL("What went well"),
  WENT_BADLY("What went badly");

  private final String heading;

  Section(String heading) {
    this.heading = heading;
  }

  /** For people. */
  public String heading() {
    return heading;
  }

  /** In JSON: {@code wentWell}. */
  public String key() {
    var words = name().toLowerCase(Locale.ROOT);
    int gap = words.indexOf('_');
    return gap < 0
        ? words
        : words.substring(0, gap)
            + Character.toUpperCase(words.charAt(gap + 1))
            + words.substring(gap + 2);
  }
}
