package dev.watchtower.ingest.storage;

import java.util.List;

/**
 * The durable log of requests: what was appended is there after any crash. Two segments take turns.
 * Used by one thread at a time.
 */
public interface RequestLog {
  /**
   * A logged request.
   *
   * @param position rises with every request
   * @param format which decoder reads the body
   * @param samples how many samples it has, about
   * @param body the bytes as sent
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Entry(long position, int format, int samples, byte[] body) {
    /** The same with another body. */
    public Entry withBody(byte[] other) {
      return new Entry(position, format, samples, other);
    }
  }

  /** What is in the log when it is opened; of a damaged one, as far as it can be read. */
  record State(long lastPosition, long sealedThrough, int activeSegment, boolean otherEmpty) {}

  /** Opens the log, empties segments that are sealed if that can be, and says what is left. */
  State open() throws UnavailableException;

  /**
   * Plays every entry behind {@code sealedThrough} that can be read, in order of position.
   *
   * @return whether the log is damaged, so that it has to be emptied before it is written to
   */
  boolean replay(long sealedThrough, Replay target) throws UnavailableException;

  /** Makes entries durable, all or none; when it returns they are. */
  void append(int segment, List<Entry> entries) throws UnavailableException;

  /**
   * Takes out what has a higher position, after a failure left it open whether a commit took place:
   * its requests were refused. A commit that is still under way is waited for, for some seconds.
   *
   * @param segment the one that was written to
   * @throws UnavailableException also if a commit is still under way after that time
   */
  void discardAfter(int segment, long position) throws UnavailableException;

  /**
   * Empties a segment.
   *
   * @return false if it is as it was, because another session reads the log, as a backup does
   */
  boolean empty(int segment) throws UnavailableException;

  /** Takes entries at replay. */
  @FunctionalInterface
  interface Replay {
    /**
     * The next one.
     *
     * @return false if its body cannot be read
     */
    boolean entry(Entry entry);

    /** Something of the log cannot be read: an entry, or a page of the disk. */
    default void damaged(String what) {}
  }

  /** The log or the archive does not answer. */
  class UnavailableException extends Exception {
    public UnavailableException(String message) {
      super(message);
    }

    public UnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Another session reads or writes what it was to have for itself. */
  final class LockedException extends UnavailableException {
    public LockedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** What lies on disk cannot be read. Trying again does not help; opening anew may. */
  final class DamagedException extends UnavailableException {
    public DamagedException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
