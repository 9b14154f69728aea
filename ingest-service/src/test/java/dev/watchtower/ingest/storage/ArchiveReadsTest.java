package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ArchiveReadsTest {
  private static final Chunk CHUNK = chunk();

  private static Chunk chunk() {
    var writer = new ChunkWriter();
    writer.append(1_000, 1);
    return writer.chunk();
  }

  private static void read(ArchiveReads reads, Runnable check, ChunkArchive.ChunkTarget target) {
    try {
      reads.read(Tier.RAW, List.of(), 0, 1, check, target);
    } catch (UnavailableException e) {
      throw new AssertionError(e);
    }
  }

  /** The others are for commits. */
  @Test
  void readsOverAFewConnectionsAtATime() throws InterruptedException {
    var reading = new AtomicInteger();
    var begun = new CountDownLatch(ArchiveReads.AT_ONCE);
    var end = new CountDownLatch(1);
    var reads =
        new ArchiveReads((_, _, _, _, _) -> {
          reading.incrementAndGet();
          begun.countDown();
          awaited(end);
        });
    var threads = new ArrayList<Thread>();
    for (var i = 0; i < ArchiveReads.AT_ONCE; i++) {
      threads.add(Thread.ofVirtual().start(() -> read(reads, () -> {}, (_, _) -> {})));
    }
    assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

    // One more waits, for as long as it has time.
    var checks = new AtomicInteger();
    assertThatThrownBy(() ->
            read(
                reads,
                () -> {
                  if (checks.incrementAndGet() > 3) {
                    throw new IllegalStateException("no time is left");
                  }
                },
                (_, _) -> {}))
        .hasMessage("no time is left");
    assertThat(reading).hasValue(ArchiveReads.AT_ONCE);

    end.countDown();
    for (var thread : threads) {
      thread.join();
    }
    read(reads, () -> {}, (_, _) -> {});
    assertThat(reading).hasValue(ArchiveReads.AT_ONCE + 1);
  }

  @Test
  void endsBetweenChunksWhenThereIsNoTimeLeft() {
    var got = new AtomicInteger();
    var reads =
        new ArchiveReads((_, _, _, _, target) -> {
          for (var i = 0; i < 10; i++) {
            target.chunk(1, CHUNK);
          }
        });

    for (var time = 0; time < 2 * ArchiveReads.AT_ONCE; time++) {
      got.set(0);
      assertThatThrownBy(() ->
              read(
                  reads,
                  () -> {
                    if (got.get() == 3) {
                      throw new IllegalStateException("no time is left");
                    }
                  },
                  (_, _) -> got.incrementAndGet()))
          .hasMessage("no time is left");
      assertThat(got).hasValue(3);
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
