package dev.watchtower.ingest.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
