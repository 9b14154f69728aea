package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.SampleListener;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bounded queue and the thread behind which a listener works. When the queue is full, batches
 * are left out and counted: the samples are stored, and the listener is told.
 */
final class ListenerQueue implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ListenerQueue.class.getName());
  private static final int MAX_BATCHES = 1024;
  private static final long MAX_SAMPLES = 2_000_000;

  private final SampleListener listener;
  private final BlockingQueue<AcceptedBatch> queue = new ArrayBlockingQueue<>(MAX_BATCHES);
  private final AtomicLong waiting = new AtomicLong();
  private final AtomicLong missed = new AtomicLong();
  private final AtomicLong missedInAll = new AtomicLong();
  private final Thread thread;

  ListenerQueue(SampleListener listener) {
    this.listener = listener;
    this.thread = Thread.ofPlatform().daemon().name("listener-" + listener.name()).start(this::run);
  }

  String name() {
    return listener.name();
  }

  /** Samples left out since the start. */
  long missed() {
    return missedInAll.get();
  }

  void offer(AcceptedBatch batch) {
    var fits = waiting.addAndGet(batch.size()) <= MAX_SAMPLES || queue.isEmpty();
    if (!fits || !queue.offer(batch)) {
      waiting.addAndGet(-batch.size());
      missed(batch.size());
    }
  }

  /** That many samples are stored and come by no batch. */
  void missed(long samples) {
    missed.addAndGet(samples);
    missedInAll.addAndGet(samples);
  }

  private void run() {
    try {
      while (true) {
        var batch = queue.take();
        waiting.addAndGet(-batch.size());
        deliver(batch);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @SuppressWarnings("CatchAndPrintStackTrace")
  private void deliver(AcceptedBatch batch) {
    try {
      var gap = missed.getAndSet(0);
      if (gap > 0) {
        listener.missed(gap);
      }
      listener.accepted(batch);
    } catch (RuntimeException | Error e) {
      // A listener's fault is its own: the samples are stored, the next batch comes.
      LOG.log(System.Logger.Level.ERROR, "listener " + listener.name() + " failed on a batch", e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
