package dev.watchtower.launcher.suite;

/**
 * How far the suite is.
 *
 * @param phase STARTING, READY or FAILED
 * @param detail one sentence when it failed, or when it starts and has to wait for something; else
 *     empty
 */
public record SuiteStatus(String phase, String detail) {
  /** All of it was healthy. */
  public static final SuiteStatus READY = new SuiteStatus("READY", "");

  /** It is still starting, and waits for what {@code sentence} says, if it says something. */
  public static SuiteStatus starting(String sentence) {
    return new SuiteStatus("STARTING", sentence);
  }

  /** Something did not become healthy. */
  public static SuiteStatus failed(String sentence) {
    return new SuiteStatus("FAILED", sentence);
  }

  /** Whether it is decided how the start ended. */
  public boolean settled() {
    return !phase.equals("STARTING");
  }
}
