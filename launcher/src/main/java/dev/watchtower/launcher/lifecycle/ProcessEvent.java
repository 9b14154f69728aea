package dev.watchtower.launcher.lifecycle;

import java.time.Duration;

/** What can happen to a supervised process. */
public sealed interface ProcessEvent {
  /** It shall run. */
  record Start() implements ProcessEvent {}

  /** It shall not run any more. */
  record Stop() implements ProcessEvent {}

  /** It shall end and start again at once; ends every lease that holds it down. */
  record Restart() implements ProcessEvent {}

  /** The same, asked by a program: one that is on its way up already is not thrown back. */
  record Repair() implements ProcessEvent {}

  /** The operating system's process has ended. */
  record Exited() implements ProcessEvent {}

  /** Its health check was answered, or not. */
  record Probed(boolean healthy) implements ProcessEvent {}

  /** Time has passed. */
  record Tick() implements ProcessEvent {}

  /**
   * It shall crash and stay down until the lease ends; the same lease again renews it.
   *
   * @param ttl how long the lease lasts from now
   */
  record HoldDown(String lease, Duration ttl) implements ProcessEvent {
    public HoldDown {
      if (lease.isBlank()) {
        throw new IllegalArgumentException("the lease has no name");
      }
      if (ttl.isNegative() || ttl.isZero()) {
        throw new IllegalArgumentException("ttl is not positive: " + ttl);
      }
    }
  }

  /** The lease is over; unknown ones are ignored. */
  record Release(String lease) implements ProcessEvent {}
}
