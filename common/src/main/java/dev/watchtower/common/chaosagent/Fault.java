package dev.watchtower.common.chaosagent;

import java.time.Duration;

/** What the agent can do to its process. */
sealed interface Fault {
  /**
   * Requests are held up.
   *
   * @param delay for each, give or take {@code jitter}
   * @param ratio share of the requests, 0..1
   */
  record Latency(Duration delay, Duration jitter, double ratio) implements Fault {}

  /** A share of the requests is answered with an error. */
  record Errors(double ratio, int status) implements Fault {}

  /**
   * All processors are kept busy.
   *
   * @param load 0..1 of each processor's time
   */
  record Cpu(double load) implements Fault {}

  /** Heap is held. */
  record Memory(int megabytes) implements Fault {}

  /** The database is slow to answer. */
  record DbLatency(Duration delay) implements Fault {}

  /** A share of the connections to the database fails. */
  record DbErrors(double ratio) implements Fault {}

  /** The database cannot be reached. */
  record DbDown() implements Fault {}

  /** Each use of the database runs a slow query first. */
  record SlowQuery(Duration time) implements Fault {}
}
