package dev.watchtower.common.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EnduringTest {
  private final AtomicInteger turns = new AtomicInteger();

  private void failTwice() {
    switch (turns.incrementAndGet()) {
      case 1 -> throw new NoClassDefFoundError("gone with the update");
      case 2 -> throw new IllegalStateException("this too");
      default -> {
        // It works again.
      }
    }
  }

  @Test
  void aScheduledTaskComesAgainAfterAnError() throws InterruptedException {
    var worked = new CountDownLatch(1);
    try (var scheduler = Executors.newSingleThreadScheduledExecutor()) {
      var unused =
          scheduler.scheduleWithFixedDelay(
              Enduring.task(
                  "t",
                  () -> {
                    failTwice();
                    worked.countDown();
                  }),
              0,
              1,
              TimeUnit.MILLISECONDS);

      assertThat(worked.await(10, TimeUnit.SECONDS)).isTrue();
      scheduler.shutdownNow();
    }
  }

  @Test
  void aLoopBeginsAnewUntilItReturns() throws InterruptedException {
    var thread = Thread.ofPlatform().start(Enduring.loop("l", this::failTwice));

    thread.join();
    assertThat(turns.get()).isEqualTo(3);
  }

  @Test
  void anInterruptEndsALoopWhileItWorksAndWhileItRests() throws InterruptedException {
    var waits = Thread.ofPlatform().start(Enduring.loop("w", () -> new CountDownLatch(1).await()));
    var threw = new CountDownLatch(1);
    var fails =
        Thread.ofPlatform()
            .start(
                Enduring.loop(
                    "f",
                    () -> {
                      threw.countDown();
                      throw new AssertionError("always");
                    }));
    assertThat(threw.await(10, TimeUnit.SECONDS)).isTrue();

    waits.interrupt();
    fails.interrupt();

    waits.join();
    fails.join();
  }
}
