package dev.watchtower.analysis.model;

import org.jspecify.annotations.Nullable;

/** The model gave no usable answer. The message is the reason in a few words, for people. */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What it cost all the same, as estimated. */
  private final long tokens;

  /** It was refused, or not reached: that costs nothing. */
  public ModelException(String message, @Nullable Throwable cause) {
    this(message, cause, 0);
  }

  /**
   * @param tokens what it cost all the same, as estimated
   */
  public ModelException(String message, @Nullable Throwable cause, long tokens) {
    super(message, cause);
    this.tokens = tokens;
  }

  /** What it cost, as estimated: a model goes on with a question that nobody waits for. */
  public long tokens() {
    return tokens;
  }
}
