package dev.watchtower.common.outbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The counters of the outbox: appended = delivered + dead + waiting, over the life of the table.
 */
final class OutboxMeters {
  private final MeterRegistry registry;
  private final AtomicLong waiting = new AtomicLong();

  OutboxMeters(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("watchtower.outbox.waiting", waiting, AtomicLong::get)
        .description("Messages not delivered yet, as of the last count")
        .register(registry);
  }

  void appended(String topic) {
    count("appended", topic);
  }

  void delivered(String topic) {
    count("delivered", topic);
  }

  void retried(String topic) {
    count("retried", topic);
  }

  void dead(String topic) {
    count("dead", topic);
  }

  void waiting(long now) {
    waiting.set(now);
  }

  private void count(String what, String topic) {
    registry.counter("watchtower.outbox." + what, "topic", topic).increment();
  }
}
