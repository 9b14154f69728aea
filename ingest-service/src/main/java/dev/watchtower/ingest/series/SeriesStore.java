package dev.watchtower.ingest.series;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The stored series, to be read. All methods may be called by any thread; what was acknowledged to
 * a sender is visible to the next call.
 */
public interface SeriesStore {

  /**
   * The same series for one query. While they are searched and read {@code check} is called again
   * and again, by the thread that asks; what it throws ends that.
   */
  default SeriesStore checked(Runnable check) {
    return this;
  }

  /**
   * The series that satisfy all matchers and may have samples between the two instants (both
   * included), in ascending order of their numbers. With no matchers: all.
   *
   * @throws LimitExceededException if more than {@code limit} match
   * @throws IllegalArgumentException if a regular expression takes too many steps
   * @throws StoreUnavailableException if storage has not been read yet
   */
  List<Series> select(List<Matcher> matchers, Instant from, Instant to, int limit);

  /**
   * Some of the series that {@link #select} would give: all, if there are no more than {@code
   * most}.
   *
   * @param most no more than so many
   * @throws IllegalArgumentException if a regular expression takes too many steps
   * @throws StoreUnavailableException if storage has not been read yet
   */
  List<Series> first(List<Matcher> matchers, Instant from, Instant to, int most);

  /**
   * The samples of a series between two times, both included, in milliseconds since the epoch.
   * Where they are no longer kept themselves, they are the last ones of each minute or hour, with
   * what {@link Samples#rolled} says of the others.
   *
   * @throws StoreUnavailableException if older samples are needed and PostgreSQL does not answer
   */
  Samples read(Series series, long fromMillis, long toMillis);

  /**
   * The samples of several series, in the order of the list; cheaper than one by one.
   *
   * @param maxSamples most samples in all, as {@link Samples#counted} counts them
   * @throws LimitExceededException if there are more
   * @throws StoreUnavailableException if older samples are needed and PostgreSQL does not answer
   */
  List<Samples> read(List<Series> series, long fromMillis, long toMillis, long maxSamples);

  /**
   * How far apart, in milliseconds, samples of a series may be because only one of each minute or
   * hour is left, at the time of its last; 0 where all samples are there.
   *
   * @param millis a time, milliseconds since the epoch
   */
  default long spacing(long millis) {
    return 0;
  }

  /** Names of the labels of the series that {@link #select} would give, in ascending order. */
  List<String> labelNames(List<Matcher> matchers, Instant from, Instant to);

  /** Values of one label in the series that {@link #select} would give, in ascending order. */
  List<String> labelValues(String name, List<Matcher> matchers, Instant from, Instant to);

  /** Thrown where a query asks for more than it may have. */
  final class LimitExceededException extends RuntimeException {
    public LimitExceededException(String message) {
      super(message);
    }
  }

  /** Thrown where the answer needs storage that does not answer; worth trying again. */
  class StoreUnavailableException extends RuntimeException {
    public StoreUnavailableException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    public StoreUnavailableException(String message) {
      super(message);
    }
  }
}
