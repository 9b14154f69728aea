package dev.watchtower.ingest.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How work is put together and results are passed on. */
class PacingTest {
  private long nanos = 1_000;

  private static SignalSnapshot snapshot(long at) {
    return new SignalSnapshot(new ServiceKey("a", "b"), at, 10_000, Map.of(), Map.of());
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void passesSignalsOnAtMostOnceASecondAndTheNewestAtItsEnd() {
    List<Long> out = new ArrayList<>();
    SignalFeed feed = new SignalFeed(snapshot -> out.add(snapshot.at()));

    feed.offer(snapshot(1), millis(0));
    feed.offer(snapshot(2), millis(300));
    feed.offer(snapshot(3), millis(600));
    feed.flush(millis(700));
    assertThat(out).containsExactly(1L);
    feed.flush(millis(1_000));
    feed.flush(millis(1_100));
    assertThat(out).containsExactly(1L, 3L);
    feed.offer(snapshot(4), millis(5_000));
    assertThat(out).containsExactly(1L, 3L, 4L);
    feed.remove(new ServiceKey("a", "b"));
    feed.offer(snapshot(5), millis(5_001));
    assertThat(out).hasSize(4);
  }

  @Test
  void passesNothingOnBeforeTheSecondIsOver() {
    List<Long> out = new ArrayList<>();
    SignalFeed feed = new SignalFeed(snapshot -> out.add(snapshot.at()));

    feed.offer(snapshot(1), 0);
    feed.offer(snapshot(2), millis(950));
    assertThat(feed.flush(millis(999))).isEqualTo(millis(1));
    assertThat(out).containsExactly(1L);

    assertThat(feed.flush(millis(1_000))).as("nothing waits").isEqualTo(millis(1_000));
    assertThat(out).containsExactly(1L, 2L);
  }

  @Test
  void losesNoMessageOfASenderThatSendsEverySecondMoreOrLess() {
    List<Long> out = new ArrayList<>();
    List<Long> when = new ArrayList<>();
    long[] now = {0};
    SignalFeed feed =
        new SignalFeed(snapshot -> {
          out.add(snapshot.at());
          when.add(now[0]);
        });
    Random random = new Random(1);
    for (int second = 1; second <= 1_000; second++) {
      long arrival = millis(1_000L * second + random.nextInt(-100, 100));
      // As the loop does: it looks again when something has waited long enough.
      for (long due = now[0] + feed.flush(now[0]);
          due <= arrival;
          due = now[0] + feed.flush(now[0])) {
        now[0] = due;
      }
      now[0] = arrival;
      feed.offer(snapshot(second), now[0]);
    }
    feed.flush(millis(2_000_000));

    assertThat(out).hasSize(1_000).isSorted();
    for (int i = 1; i < when.size() - 1; i++) {
      assertThat(when.get(i) - when.get(i - 1)).isGreaterThanOrEqualTo(millis(1_000));
    }
  }

  @Test
  void doesTheSameWorkOnceHoweverOftenItIsAskedFor() throws InterruptedException {
    WorkQueue<String> queue = new WorkQueue<>(() -> nanos);

    queue.add("a", nanos);
    queue.add("b", nanos + 1);
    queue.add("a", nanos + 5);
    nanos += 10;

    assertThat(queue.size()).isEqualTo(2);
    assertThat(queue.poll(0, TimeUnit.NANOSECONDS)).isEqualTo("a");
    assertThat(queue.poll(0, TimeUnit.NANOSECONDS)).isEqualTo("b");
    assertThat(queue.poll(0, TimeUnit.NANOSECONDS)).isNull();
  }

  @Test
  void keepsBackWhatIsNotDueYetUnlessItIsAskedForEarlier() throws InterruptedException {
    WorkQueue<String> queue = new WorkQueue<>(() -> nanos);

    queue.add("a", nanos + 100);
    assertThat(queue.poll(0, TimeUnit.NANOSECONDS)).isNull();
    queue.add("a", nanos);
    assertThat(queue.poll(0, TimeUnit.NANOSECONDS)).isEqualTo("a");
  }
}
