package dev.watchtower.ingest.doors;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.storage.RequestRefusedException;
import java.util.concurrent.Semaphore;

/**
 * What one request holds of the memory that all requests share. A few bytes on the wire can become
 * many objects, so what is made of a body says what it needs as it goes, before it takes it. For
 * one thread; {@link #release} gives all back.
 */
public final class RequestMemory {
  /** Of a sample on its way to storage, with what storage makes of it. */
  public static final int SAMPLE = 64;

  /** Of a sample that is logged with labels made for it. */
  public static final int LABELLED_SAMPLE = 256;

  /** Of an object with a few fields, or a short text. */
  public static final int OBJECT = 64;

  static final int KILOBYTE = 1024;

  /** Twice the letters of a series' labels that a labelled sample is reckoned with. */
  private static final int USUAL_LENGTH = 1000;

  /** Taken in one go, so that the share is not asked for each object. */
  private static final int STEP = 64 * KILOBYTE;

  private final Semaphore kilobytes;
  private final long most;
  private long granted;
  private long used;

  /**
   * @param kilobytes what is left for all requests
   * @param most bytes that one request can ever get, whole kilobytes and fewer than there are: the
   *     answer to one that is too large must not depend on what small ones hold
   */
  RequestMemory(Semaphore kilobytes, long most) {
    this.kilobytes = kilobytes;
    this.most = most;
  }

  /**
   * Bytes of a labelled sample beyond {@link #LABELLED_SAMPLE}: a long attribute of a scope is a
   * label of every series in it, and is logged with each.
   */
  public static long beyondUsual(Labels labels) {
    var letters = 0L;
    for (var i = 0; i < labels.size(); i++) {
      letters += labels.name(i).length() + labels.value(i).length();
    }
    return Math.max(0, 2 * letters - USUAL_LENGTH);
  }

  /** Memory without a limit, for bodies that were let in before. */
  public static RequestMemory unlimited() {
    RequestMemory memory = new RequestMemory(new Semaphore(0), Long.MAX_VALUE);
    memory.granted = Long.MAX_VALUE;
    return memory;
  }

  /**
   * Counts memory that the request is about to use.
   *
   * @throws BadBodyException too large, if it is more than one request can ever get
   * @throws RequestRefusedException if other requests hold what is missing
   */
  public void use(long bytes) {
    used += bytes;
    if (used > granted) {
      take(used, STEP);
    }
  }

  /**
   * Counts memory that the request is going to use, and takes nothing yet: where all can be counted
   * before it is used, what could never fit is known for certain, however much others hold. To be
   * followed by {@link #takeCounted}.
   *
   * @throws BadBodyException too large, if it is more than one request can ever get
   */
  public void count(long bytes) {
    used += bytes;
    if (used > most) {
      throw BadBodyException.tooMuchInIt();
    }
  }

  /**
   * Takes what was counted.
   *
   * @throws RequestRefusedException if other requests hold what is missing
   */
  public void takeCounted() {
    use(0);
  }

  /**
   * Takes so much in all, whether it is used yet or not.
   *
   * @throws BadBodyException too large, if it is more than one request can ever get
   * @throws RequestRefusedException if other requests hold what is missing
   */
  void atLeast(long bytes) {
    if (bytes > granted) {
      // No more than that: thousands of senders may be slow at the same time.
      take(bytes, 0);
    }
  }

  private void take(long bytes, long step) {
    if (bytes > most) {
      throw BadBodyException.tooMuchInIt();
    }
    long missing = Math.ceilDiv(bytes - granted, (long) KILOBYTE);
    long more = Math.max(missing, Math.min(step, most - granted) / KILOBYTE);
    if (!kilobytes.tryAcquire((int) more)) {
      more = missing;
      if (!kilobytes.tryAcquire((int) more)) {
        throw new RequestRefusedException(
            RequestRefusedException.Reason.MEMORY, "too many large requests at the same time");
      }
    }
    granted += more * KILOBYTE;
  }

  /** Gives all back. */
  void release() {
    kilobytes.release((int) (granted / KILOBYTE));
    granted = 0;
  }
}
