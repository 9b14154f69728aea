package dev.watchtower.launcher.suite;

import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a service is put through while its class cache is made. What it loads, links and calls often
 * goes into the cache with its profile (JEP 515), so that the next process need not find out anew:
 * without it the cache knows the start only.
 */
public interface Rehearsal {
  /** Nothing beside the start. */
  Rehearsal NONE =
      new Rehearsal() {
        @Override
        public Map<String, String> environment() {
          return Map.of();
        }

        @Override
        public void perform(int port, Supplier<String> token) {}
      };

  /** Where rehearsals come from. */
  interface Source {
    /** The rehearsal of {@code module}; {@link Rehearsal#NONE} if it has none. */
    Rehearsal of(String module);
  }

  /** Variables for the process; they win over those that it is given otherwise. */
  Map<String, String> environment();

  /**
   * Uses the service, which is ready, for a limited time. Called once, by the thread that makes the
   * caches.
   *
   * @param port where it listens on loopback
   * @param token a bearer token that it takes
   * @throws IOException if it does not answer as it should: the cache is made of what ran until
   *     then
   */
  void perform(int port, Supplier<String> token) throws IOException, InterruptedException;
}
