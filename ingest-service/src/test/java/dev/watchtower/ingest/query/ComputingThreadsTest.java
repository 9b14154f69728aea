package dev.watchtower.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ComputingThreadsTest {
  private final ComputingThreads threads = new ComputingThreads("test", 2);

  @Test
  void computesOnAThreadOfItsOwn() {
    assertThat(threads.<Boolean>call(() -> Thread.currentThread().isVirtual())).isFalse();
    assertThat(threads.<String>call(() -> Thread.currentThread().getName())).startsWith("test-");
  }

  @Test
  void throwsWhatTheWorkThrows() {
    var refused = QueryException.badData("wrong");
    var broken = new StackOverflowError("too deep");

    assertThatThrownBy(() ->
            threads.call(() -> {
              throw refused;
            }))
        .isSameAs(refused);
    assertThatThrownBy(() ->
            threads.call(() -> {
              throw broken;
            }))
        .isSameAs(broken);
  }

  /** What holds the memory of a query may not be given back while it still computes. */
  @Test
  void waitsForTheEndWhenInterrupted() throws InterruptedException {
    var ended = new AtomicBoolean();
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    var seen = new ArrayList<Boolean>();
    var request =
        Thread.ofVirtual()
            .start(() -> {
              threads.call(() -> {
                begun.countDown();
                awaited(end);
                ended.set(true);
                return 1;
              });
              seen.addAll(List.of(ended.get(), Thread.currentThread().isInterrupted()));
            });
    begun.await();
    request.interrupt();
    assertThat(request.join(Duration.ofMillis(50))).isFalse();
    end.countDown();
    request.join();

    assertThat(seen).containsExactly(true, true);
  }

  /** Requests run on virtual threads, of which as many get on as there are processors. */
  @Test
  void otherRequestsAreAnsweredWhileQueriesCompute() throws InterruptedException {
    var queries =
        new SharedQueries(
            new QueryEngine(new HandMadeStore(), QueryLimits.DEFAULT, System::nanoTime),
            System::nanoTime);
    int heavy = Math.min(SharedQueries.AT_ONCE, 2 * Runtime.getRuntime().availableProcessors());
    var done = new AtomicBoolean();
    var begun = new CountDownLatch(heavy);
    var requests = new ArrayList<Thread>();
    for (int i = 0; i < heavy; i++) {
      requests.add(
          Thread.ofVirtual()
              .start(() ->
                  queries.<Boolean>compute(_ -> {
                    begun.countDown();
                    while (!done.get()) {
                      Thread.onSpinWait();
                    }
                    return true;
                  })));
    }
    var answered = new CountDownLatch(1);
    try {
      assertThat(begun.await(20, TimeUnit.SECONDS)).as("all compute").isTrue();
      Thread.ofVirtual().start(answered::countDown);

      assertThat(answered.await(20, TimeUnit.SECONDS)).as("another request is answered").isTrue();
    } finally {
      done.set(true);
    }
    for (Thread request : requests) {
      request.join();
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
