package dev.watchtower.incident.lifecycle;

import java.util.Collection;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs work in one transaction each. */
public interface Transactions {
  /** How often work is tried that loses against concurrent changes. */
  int ATTEMPTS = 5;

  /**
   * Runs {@code work} in a new transaction and commits it.
   *
   * @throws ConcurrentChange if it lost against a concurrent change; nothing of it is stored
   */
  <T> T once(Supplier<T> work);

  /** The same, tried anew up to {@link #ATTEMPTS} times when it loses. */
  default <T> T retrying(Supplier<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(work);
      } catch (ConcurrentChange e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /**
   * Does {@code work} for each item, in one transaction each, tried anew when it loses. A failure
   * stops none of the others.
   *
   * @throws RuntimeException the first failure, after all were tried, with the others suppressed
   */
  default <T> void each(Collection<T> items, Consumer<T> work) {
    var attempts = new Attempts();
    attempts.each(
        items,
        item ->
            retrying(() -> {
              work.accept(item);
              return true;
            }));
    attempts.end();
  }
}
