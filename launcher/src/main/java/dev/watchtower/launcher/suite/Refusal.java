package dev.watchtower.launcher.suite;

/**
 * Why a command cannot be done, in one sentence for the person who typed it. The command ends with
 * exit code 1.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A refusal that says {@code sentence}. */
  public Refusal(String sentence) {
    super(sentence);
  }

  /** A refusal that says {@code sentence}, with what led to it. */
  public Refusal(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
