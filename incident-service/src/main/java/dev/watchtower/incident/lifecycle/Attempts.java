package dev.watchtower.incident.lifecycle;

import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Work done piece by piece, where what one piece throws stops none of the others: what is due of
 * many incidents must not wait for the one that cannot be stored. For one thread; for one use.
 */
public final class Attempts {
  private @Nullable RuntimeException first;

  /** Does a piece, and keeps what it throws. */
  public void run(Runnable piece) {
    try {
      piece.run();
    } catch (RuntimeException e) {
      if (first == null) {
        first = e;
      } else {
        first.addSuppressed(e);
      }
    }
  }

  /** Does {@code work} for each item, a piece each. */
  public <T> void each(Collection<T> items, Consumer<T> work) {
    items.forEach(item -> run(() -> work.accept(item)));
  }

  /**
   * Says what failed, once all was tried.
   *
   * @throws RuntimeException the first failure, with the others suppressed
   */
  public void end() {
    if (first != null) {
      throw first;
    }
  }
}
