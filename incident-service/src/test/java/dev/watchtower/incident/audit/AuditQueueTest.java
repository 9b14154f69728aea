package dev.watchtower.incident.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AuditQueueTest {
  private static Deed deed(int i) {
    return new Deed(
        Instant.EPOCH, "user:ann", "127.0.0.1", "POST /x", Integer.toString(i), "200", null);
  }

  @Test
  void whatManyAppendAtOnceIsStoredOnceInFewBatches()
      throws InterruptedException, ExecutionException {
    var stored = Collections.synchronizedList(new ArrayList<Deed>());
    var batches = new AtomicInteger();
    var first = new CountDownLatch(1);
    var queue =
        new AuditQueue(
            deeds -> {
              if (batches.incrementAndGet() == 1) {
                awaitLatch(first);
              }
              stored.addAll(deeds);
            },
            Duration.ofSeconds(10));
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < 200; i++) {
        var deed = deed(i);
        running.add(executor.submit(() -> queue.append(deed)));
      }
      first.countDown();
      for (var one : running) {
        one.get();
      }
    }

    assertThat(stored).hasSize(200).doesNotHaveDuplicates();
    assertThat(batches.get()).isLessThanOrEqualTo(200);
  }

  @Test
  void whoseEntryCannotBeStoredIsTold() {
    var queue =
        new AuditQueue(
            deeds -> {
              throw new IllegalArgumentException("no database");
            },
            Duration.ofSeconds(1));

    assertThatThrownBy(() -> queue.append(deed(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("no database");
  }

  @Test
  void anErrorEndsTheWaitAndIsThrownOn() {
    var tries = new AtomicInteger();
    var queue =
        new AuditQueue(
            deeds -> {
              if (tries.incrementAndGet() == 1) {
                throw new StackOverflowError("too deep");
              }
              assertThat(deeds).hasSize(1);
            },
            Duration.ofSeconds(1));

    assertThatThrownBy(() -> queue.append(deed(1)))
        .isInstanceOf(StackOverflowError.class)
        .hasMessage("too deep");
    queue.append(deed(2));
    assertThat(tries).hasValue(2);
  }

  @Test
  void deedsAreCutToTheirBounds() {
    var deed =
        new Deed(
            Instant.EPOCH,
            "a".repeat(500),
            "f".repeat(500),
            "x".repeat(500),
            "s\0".repeat(500),
            "o".repeat(500),
            null);

    assertThat(List.of(deed.actor().length(), deed.from().length(), deed.action().length()))
        .containsExactly(200, 100, 300);
    assertThat(deed.subject()).hasSize(300).doesNotContain("\0");
    assertThat(deed.outcome()).hasSize(100);
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
