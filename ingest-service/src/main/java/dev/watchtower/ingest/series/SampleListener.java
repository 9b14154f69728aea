package dev.watchtower.ingest.series;

/**
 * Hears of samples after they are durable and readable. Each listener has a thread and a bounded
 * queue of its own, so that a slow one holds back nobody: batches come one at a time, in the order
 * of storage; if the queue is full, whole batches are left out and {@link #missed} says so. Batches
 * that are replayed from the log after a restart are not given to listeners: read the store.
 */
public interface SampleListener {

  /** A name for logs and metrics. */
  String name();

  /** The next batch. */
  void accepted(AcceptedBatch batch);

  /**
   * That many samples were left out before the next batch, because the listener was too slow, or
   * because storage was opened anew before it came to them. They are stored; read them from the
   * store where that matters.
   */
  default void missed(long samples) {}
}
