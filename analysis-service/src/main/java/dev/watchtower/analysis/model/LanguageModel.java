package dev.watchtower.analysis.model;

import java.time.Duration;

/** A language model. Implementations are safe for several threads. */
public interface LanguageModel {
  /** Tokens of so many characters, where nobody tells: about four to one. */
  static long estimatedTokens(int characters) {
    return characters / 4;
  }

  /** Its name. */
  String name();

  /**
   * Its answer; blocks for {@code limit} at most, and gives up when interrupted where it can.
   *
   * @throws ModelException if it does not answer
   */
  Reply ask(String instructions, String question, Duration limit);

  /**
   * An answer.
   *
   * @param text what it said, perhaps empty
   * @param tokens what it cost, as told or estimated
   */
  record Reply(String text, long tokens) {}
}
