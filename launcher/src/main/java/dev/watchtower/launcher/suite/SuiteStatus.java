package dev.watchtower.launcher.suite;

/**
 * How far the suite is.
 *
 * @param phase STARTING, READY or FAILED
 * @param detail one sentence when it failed, else empty
 */
public record SuiteStatus(String phase, String detail) {
  /** It is still starting. */
  public static final SuiteStatus STARTING = new SuiteStatus("STARTING", "");

  /** All of it was healthy. */
  public static final SuiteStatus READY = new SuiteStatus("READY", "");

  /** Something did not become healthy. */
  public static SuiteStatus failed(String sentence) {
    return new SuiteStatus("FAILED", sentence);
  }

  /** Whether it is decided how the start ended. */
  public boolean settled() {
    return !phase.equals("STARTING");
  }
}
