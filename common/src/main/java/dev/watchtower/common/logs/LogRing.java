package dev.watchtower.common.logs;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest lines of the log, bounded by number and by size; the oldest give way. Safe for use by
 * several threads.
 */
public final class LogRing {
  /** Levels from least to most important. */
  static final List<String> LEVELS = List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR");

  private final int maxLines;
  private final long maxSize;
  private final Deque<LogLine> lines = new ArrayDeque<>();
  private long size;

  /** A ring of at most {@code maxLines} lines and about {@code maxSize} characters. */
  public LogRing(int maxLines, long maxSize) {
    this.maxLines = maxLines;
    this.maxSize = maxSize;
  }

  /** Adds a line. */
  public synchronized void add(LogLine line) {
    lines.addLast(line);
    size += line.size();
    while (!lines.isEmpty() && (lines.size() > maxLines || size > maxSize)) {
      size -= lines.removeFirst().size();
    }
  }

  /**
   * The newest lines that match, oldest first.
   *
   * @param level the least level; one of the five
   * @param since lines from then on; null for all
   * @param trace lines of that trace; null for all
   * @param limit most lines
   */
  public synchronized List<LogLine> newest(
      String level, @Nullable Instant since, @Nullable String trace, int limit) {
    int least = LEVELS.indexOf(level);
    var found = new ArrayDeque<LogLine>();
    var newestFirst = lines.descendingIterator();
    while (newestFirst.hasNext() && found.size() < limit) {
      var line = newestFirst.next();
      if (LEVELS.indexOf(line.level()) >= least
          && (since == null || !line.time().isBefore(since))
          && (trace == null || trace.equals(line.traceId()))) {
        found.addFirst(line);
      }
    }
    return List.copyOf(found);
  }
}
