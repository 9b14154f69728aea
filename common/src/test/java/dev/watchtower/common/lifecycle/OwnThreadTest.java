package dev.watchtower.common.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.lifecycle.OwnThread.End;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class OwnThreadTest {
  private final CountDownLatch began = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);

  @Test
  void endsAThreadThatAsks() throws InterruptedException {
    var bean =
        new OwnThread("asks", 7, End.ASKED) {
          @Override
          protected void work() throws InterruptedException {
            began.countDown();
            while (goesOnAfter(3_600_000)) {
              throw new AssertionError("an hour is not over");
            }
            over.countDown();
          }
        };
    assertThat(bean.isRunning()).isFalse();
    bean.start();
    assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(bean.isRunning()).isTrue();
    assertThat(bean.getPhase()).isEqualTo(7);

    bean.stop();

    assertThat(over.getCount()).as("stop has waited for it").isZero();
    assertThat(bean.isRunning()).isFalse();
  }

  @Test
  void beginsAnewWhatAnErrorEnded() throws InterruptedException {
    var bean =
        new OwnThread("fails", 1, End.ASKED) {
          @Override
          protected void work() throws InterruptedException {
            if (began.getCount() > 0) {
              began.countDown();
              throw new NoClassDefFoundError("gone with the update");
            }
            over.countDown();
            assertThat(goesOnAfter(3_600_000)).isFalse();
          }
        };
    bean.start();

    assertThat(over.await(10, TimeUnit.SECONDS)).isTrue();
    bean.stop();
  }

  @Test
  void interruptsOneThatWaitsForSomethingElse() throws InterruptedException {
    var never = new CountDownLatch(1);
    var bean =
        new OwnThread("waits", 1, End.INTERRUPTED) {
          @Override
          protected void work() throws InterruptedException {
            began.countDown();
            try {
              never.await();
            } finally {
              over.countDown();
            }
          }
        };
    bean.start();
    assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();

    bean.stop();

    assertThat(over.getCount()).isZero();
  }

  @Test
  void endsWithoutHavingBegun() {
    var bean =
        new OwnThread("never", 1, End.INTERRUPTED) {
          @Override
          protected void work() {
            began.countDown();
          }
        };
    bean.stop();

    assertThat(began.getCount()).isOne();
  }
}
