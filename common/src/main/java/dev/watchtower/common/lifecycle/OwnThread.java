package dev.watchtower.common.lifecycle;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * A bean that works on a thread of its own from the start of the service to its end. The end waits
 * for it for {@value #END_MILLIS} ms at most. Started once.
 */
public abstract class OwnThread implements SmartLifecycle {
  /** How long the end of the service waits. */
  static final long END_MILLIS = 3_000;

  /** How the thread learns that it is to end. */
  protected enum End {
    /** It asks: in the middle of something, with the database say, it is let finish. */
    ASKED,
    /** It is interrupted as well, because it may be waiting for something else. */
    INTERRUPTED
  }

  private final String name;
  private final int phase;
  private final End end;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean running;
  private volatile @Nullable Thread thread;

  /**
   * Not started yet.
   *
   * @param name of the thread
   * @param phase lower ones start earlier and end later
   */
  protected OwnThread(String name, int phase, End end) {
    this.name = name;
    this.phase = phase;
    this.end = end;
  }

  /**
   * Works until the service ends; see {@link #goesOn()}. Begun anew a moment after it has thrown
   * anything else.
   *
   * @throws InterruptedException if it was interrupted, which ends it
   */
  protected abstract void work() throws InterruptedException;

  /** Whether the service does not end yet. */
  protected final boolean goesOn() {
    return running;
  }

  /** Waits, unless the service ends; then whether it does not end yet. */
  protected final boolean goesOnAfter(long millis) throws InterruptedException {
    return !ended.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public final void start() {
    running = true;
    thread = Thread.ofPlatform().name(name).start(Enduring.loop(name, this::work));
  }

  @Override
  public final void stop() {
    running = false;
    ended.countDown();
    var started = thread;
    if (started == null) {
      return;
    }
    if (end == End.INTERRUPTED) {
      started.interrupt();
    }
    try {
      started.join(END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public final boolean isRunning() {
    return running;
  }

  @Override
  public final int getPhase() {
    return phase;
  }
}
