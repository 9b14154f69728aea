package dev.watchtower.analysis.model;

/** Reads a model's text. */
@FunctionalInterface
public interface AnswerReader {
  /**
   * What the text says, unchecked.
   *
   * @throws ModelException if it is not in the form that was asked for
   */
  RawAnswer read(String text);
}
