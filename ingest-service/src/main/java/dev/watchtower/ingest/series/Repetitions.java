package dev.watchtower.ingest.series;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How often the parts of a regular expression are repeated, one in the other: at most {@link #MOST}
 * times, as in RE2. For one expression, read from left to right; for one thread.
 */
final class Repetitions {
  /** How often something may be repeated by a number. */
  static final int MOST = 1_000;

  private final String regex;
  private final Deque<Integer> outer = new ArrayDeque<>();

  /** The most often that something in this group is repeated, and in what was read last. */
  private int group = 1;

  private int item = 1;
  private boolean mayBeEmpty;
  private boolean repeated;

  Repetitions(String regex) {
    this.regex = regex;
  }

  /** The number written, or one that is more than allowed. */
  static int count(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      return Integer.MAX_VALUE;
    }
  }

  /** Begins a group. */
  void open() {
    outer.push(group);
    group = 1;
    item(false);
  }

  /** Ends a group, which is then what was read last. */
  void close() {
    int within = group;
    // Where there is no group to end, Java says so.
    group = Math.max(within, outer.isEmpty() ? 1 : outer.pop());
    item(true);
    item = within;
  }

  /**
   * Takes something else than a group.
   *
   * @param empty whether it may match without a character
   */
  void item(boolean empty) {
    item = 1;
    mayBeEmpty = empty;
    repeated = false;
  }

  /**
   * Repeats what was read last.
   *
   * @return whether that may match without a character
   * @throws IllegalArgumentException if it is repeated too often
   */
  boolean times(int most) {
    if (repeated) {
      throw new IllegalArgumentException("a repetition is repeated without a group: " + regex);
    }
    repeated = true;
    if ((long) item * Math.max(1, most) > MOST) {
      throw new IllegalArgumentException(
          "a repetition of more than " + MOST + " times, those it stands in included: " + regex);
    }
    item *= Math.max(1, most);
    group = Math.max(group, item);
    return mayBeEmpty;
  }
}
