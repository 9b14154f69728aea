package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.watchtower.incident.signals.SignalQueue.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SignalQueueTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final List<List<String>> runs = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();
  private final CountDownLatch hold = new CountDownLatch(1);

  @AfterEach
  void end() {
    hold.countDown();
    callers.close();
  }

  private SignalQueue<String, String, String> queue(Limits limits) {
    return new SignalQueue<>(
        limits,
        (key, items) -> {
          runs.add(List.copyOf(items));
          if (items.contains("first")) {
            awaitQuietly(hold);
          }
          if (items.contains("bad")) {
            throw new IllegalStateException("no");
          }
          return items.stream().map(item -> key + "/" + item).toList();
        },
        new SignalQueue.Watch() {
          @Override
          public void together(int items) {
            done.addAndGet(items);
          }

          @Override
          public void refused(int items) {
            refused.addAndGet(items);
          }
        });
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Future<List<String>> submit(
      SignalQueue<String, String, String> queue, String key, String... items) {
    return callers.submit(() -> queue.submit(key, List.of(items)));
  }

  /** The first is being served, and these wait behind it. */
  private List<Future<List<String>>> behindTheFirst(
      SignalQueue<String, String, String> queue, String... items) {
    var all = new ArrayList<Future<List<String>>>();
    all.add(submit(queue, "k", "first"));
    await().until(() -> runs.size() == 1);
    for (var item : items) {
      int before = queue.waiting();
      all.add(submit(queue, "k", item));
      await().until(() -> queue.waiting() == before + 1);
    }
    return all;
  }

  @Test
  void whatWaitsForOneKeyIsDoneTogetherInItsOrderAndEachGetsItsOwn()
      throws InterruptedException, ExecutionException {
    var all = behindTheFirst(queue(new Limits(4, 100, 100, 100, LONG)), "a", "b", "c");
    hold.countDown();

    assertThat(all.get(2).get()).containsExactly("k/b");
    assertThat(all.get(3).get()).containsExactly("k/c");
    assertThat(runs).containsExactly(List.of("first"), List.of("a", "b", "c"));
    assertThat(done.get()).isEqualTo(4);
  }

  @Test
  void aRunTakesNoMoreThanItsBoundAndTheRestComesNext()
      throws InterruptedException, ExecutionException {
    var all = behindTheFirst(queue(new Limits(4, 2, 100, 100, LONG)), "a", "b", "c");
    hold.countDown();

    for (var one : all) {
      one.get();
    }
    assertThat(runs).containsExactly(List.of("first"), List.of("a", "b"), List.of("c"));
  }

  @Test
  void aKeyThatIsStuckDoesNotHoldUpAnother() throws InterruptedException, ExecutionException {
    var queue = queue(new Limits(2, 100, 100, 100, LONG));
    behindTheFirst(queue, "a");

    assertThat(submit(queue, "other", "x").get()).containsExactly("other/x");
  }

  @Test
  void noMoreKeysThanAllowedAreWorkedForAtATime() throws InterruptedException, ExecutionException {
    var queue = queue(new Limits(1, 100, 100, 100, LONG));
    behindTheFirst(queue);
    var other = submit(queue, "other", "x");
    var another = submit(queue, "other", "y");
    await().until(() -> queue.waiting() == 2);
    hold.countDown();

    other.get();
    another.get();
    assertThat(runs).hasSize(2);
    assertThat(runs.getLast()).containsExactlyInAnyOrder("x", "y");
  }

  @Test
  void whatFindsItFullIsRefusedAndCounted() throws InterruptedException, ExecutionException {
    var queue = queue(new Limits(1, 2, 2, 3, LONG));
    var all = behindTheFirst(queue, "a", "b");

    assertThatThrownBy(() -> queue.submit("k", List.of("c"))).isInstanceOf(SignalQueue.Full.class);
    all.add(submit(queue, "other", "c"));
    await().until(() -> queue.waiting() == 3);
    assertThatThrownBy(() -> queue.submit("another", List.of("c", "d")))
        .isInstanceOf(SignalQueue.Full.class);
    assertThat(refused.get()).isEqualTo(3);
    hold.countDown();
    for (var one : all) {
      one.get();
    }
    assertThat(queue.submit("k", List.of("c"))).containsExactly("k/c");
    assertThat(queue.waiting()).isZero();
  }

  @Test
  void whoHasWaitedTooLongIsRefusedAndNothingOfItIsDone()
      throws InterruptedException, ExecutionException {
    var queue = queue(new Limits(4, 100, 100, 100, Duration.ofMillis(1)));
    var first = submit(queue, "k", "first");
    await().until(() -> runs.size() == 1);

    assertThatThrownBy(() -> queue.submit("k", List.of("late")))
        .isInstanceOf(SignalQueue.Full.class);
    hold.countDown();
    first.get();
    assertThat(runs).containsExactly(List.of("first"));
    assertThat(queue.waiting()).isZero();
  }

  @Test
  void aFailureGoesToAllOfTheRunAndTheQueueGoesOn()
      throws InterruptedException, ExecutionException {
    var queue = queue(new Limits(4, 100, 100, 100, LONG));
    var all = behindTheFirst(queue, "bad", "b");
    hold.countDown();

    assertThat(all.getFirst().get()).containsExactly("k/first");
    for (var one : all.subList(1, 3)) {
      assertThatThrownBy(one::get).hasRootCauseMessage("no");
    }
    assertThat(queue.submit("k", List.of("c"))).containsExactly("k/c");
  }

  @RepeatedTest(5)
  void ofManyCallersEachIsServedOnce() throws InterruptedException, ExecutionException {
    var queue = queue(new Limits(3, 10, 10_000, 10_000, LONG));
    var all = new ArrayList<Future<List<String>>>();
    for (int i : IntStream.range(0, 2_000).toArray()) {
      all.add(submit(queue, "k" + i % 7, "i" + i));
    }
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).get()).containsExactly("k" + i % 7 + "/i" + i);
    }
    assertThat(runs.stream().flatMap(List::stream)).hasSize(2_000).doesNotHaveDuplicates();
    assertThat(queue.waiting()).isZero();
  }
}
