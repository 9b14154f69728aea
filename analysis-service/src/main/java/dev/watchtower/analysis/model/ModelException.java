package dev.watchtower.analysis.model;

import org.jspecify.annotations.Nullable;

/** The model gave no usable answer. The message is the reason in a few words, for people. */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ModelException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
