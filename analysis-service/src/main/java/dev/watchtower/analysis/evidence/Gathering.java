package dev.watchtower.analysis.evidence;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks many sources at once, each on a virtual thread, at most eight at the same time; what has not
 * answered when the time is up is given up.
 */
final class Gathering implements AutoCloseable {
  private static final int AT_ONCE = 8;

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final long end;

  Gathering(Duration limit) {
    end = System.nanoTime() + limit.toNanos();
  }

  <T> Pending<T> ask(String what, Callable<T> source) {
    return new Pending<>(
        what,
        threads.submit(() -> {
          room.acquire();
          try {
            return source.call();
          } finally {
            room.release();
          }
        }));
  }

  /** Gives up what is still under way, without waiting for it. */
  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** An answer to come. */
  final class Pending<T> {
    private final String what;
    private final Future<T> answer;

    private Pending(String what, Future<T> answer) {
      this.what = what;
      this.answer = answer;
    }

    /** The answer; or {@code instead}, with a sentence added to {@code missing}. */
    T orElse(T instead, List<String> missing) {
      try {
        return answer.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        missing.add("Not looked at: " + what + " (no answer in time).");
      } catch (ExecutionException e) {
        missing.add("Not looked at: " + what + " (" + reason(e.getCause()) + ").");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        missing.add("Not looked at: " + what + " (interrupted).");
      }
      return instead;
    }

    private static String reason(@Nullable Throwable cause) {
      if (cause instanceof SourceException source) {
        return String.valueOf(source.getMessage());
      }
      return cause == null ? "unknown" : cause.getClass().getSimpleName();
    }
  }
}
