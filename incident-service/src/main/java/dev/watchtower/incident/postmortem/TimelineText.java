package dev.watchtower.incident.postmortem;

import dev.watchtower.common.wire.TimelineEntry;
import dev.watchtower.incident.timeline.Outline;
import dev.watchtower.incident.timeline.Outline.SignalRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Words what happened when, a line each, by time: what was told late stands where it belongs.
 * Signals that came in a storm are one line. Pure.
 */
final class TimelineText {
  private static final int MOST_AT_THE_BEGINNING = 150;
  private static final int MOST_AT_THE_END = 50;

  private TimelineText() {}

  /**
   * A line.
   *
   * @param covers how many entries it stands for
   */
  private record Line(Instant at, long seq, String text, long covers) {}

  static String of(Outline outline) {
    var lines = new ArrayList<Line>();
    outline.entries().forEach(e -> lines.add(line(e)));
    outline.runs().forEach(r -> lines.add(line(r)));
    lines.sort(Comparator.comparing(Line::at).thenComparingLong(Line::seq));
    if (lines.size() <= MOST_AT_THE_BEGINNING + MOST_AT_THE_END) {
      return ended(lines, outline.length());
    }
    var first = lines.subList(0, MOST_AT_THE_BEGINNING);
    var last = lines.subList(lines.size() - MOST_AT_THE_END, lines.size());
    return joined(first)
        + more(outline.length() - covered(first) - covered(last))
        + "\n"
        + joined(last);
  }

  private static String ended(List<Line> lines, long length) {
    return joined(lines) + more(length - covered(lines));
  }

  private static String more(long left) {
    return left > 0 ? "\n- … %d more in the incident's timeline".formatted(left) : "";
  }

  private static long covered(List<Line> lines) {
    return lines.stream().mapToLong(Line::covers).sum();
  }

  private static String joined(List<Line> lines) {
    return lines.stream().map(Line::text).collect(Collectors.joining("\n"));
  }

  private static Line line(TimelineEntry entry) {
    return new Line(
        entry.ts(),
        entry.seq(),
        "- %s %s (%s)"
            .formatted(
                DraftText.TIME.format(entry.ts()),
                DraftText.plain(entry.summary()),
                DraftText.plain(entry.actor().name())),
        1);
  }

  private static Line line(SignalRun run) {
    var begun = DraftText.TIME.format(run.from());
    var ended = DraftText.TIME.format(run.to());
    var text =
        "- %s%s: signals fired %d times and cleared %d times"
            .formatted(
                begun, ended.equals(begun) ? "" : " until " + ended, run.fired(), run.cleared());
    return new Line(run.from(), run.seq(), text, run.fired() + run.cleared());
  }
}
