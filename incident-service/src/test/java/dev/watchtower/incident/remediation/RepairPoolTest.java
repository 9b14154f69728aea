package dev.watchtower.incident.remediation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RepairPoolTest {
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<String> done = new CopyOnWriteArrayList<>();
  private final CountDownLatch hold = new CountDownLatch(1);
  private final AtomicInteger freed = new AtomicInteger();
  private final RepairPool pool =
      new RepairPool(2, e -> failures.add(e.getMessage()), freed::incrementAndGet);

  @AfterEach
  void end() {
    hold.countDown();
    pool.close();
  }

  private boolean untilReleased(String name) {
    try {
      hold.await();
      done.add(name);
    } catch (InterruptedException e) {
      done.add(name + " was interrupted");
    }
    return true;
  }

  @Test
  void aLongOneDoesNotHoldUpAnotherServicesAndHoldsUpItsOwn() {
    assertThat(pool.begin("a", () -> untilReleased("a"))).isTrue();

    assertThat(pool.begin("b", () -> done.add("b"))).isTrue();
    await().until(() -> done.contains("b"));
    assertThat(pool.begin("a", () -> done.add("a again"))).isFalse();
    hold.countDown();
    await().until(() -> pool.begin("a", () -> done.add("a later")));
    await().until(() -> done.contains("a later"));
    assertThat(done).containsExactly("b", "a", "a later");
  }

  @Test
  void whatFindsNoRoomIsNotBegun() {
    pool.begin("a", () -> untilReleased("a"));
    pool.begin("b", () -> untilReleased("b"));

    assertThat(pool.begin("c", () -> done.add("c"))).isFalse();
    hold.countDown();
    await().until(() -> pool.begin("c", () -> done.add("c")));
  }

  @Test
  void aFailureIsToldAndMakesRoom() {
    pool.begin(
        "a",
        () -> {
          throw new IllegalStateException("no");
        });

    await().until(() -> failures.contains("no"));
    await().until(() -> pool.begin("a", () -> done.add("a")));
  }

  @Test
  void whatWaitsIsToldOnceThePlaceOfWorkThatGotOnIsFree() {
    pool.begin("a", () -> false);
    await().until(() -> pool.begin("a", () -> done.add("a")));

    await().until(() -> freed.get() == 1);
    assertThat(pool.begin("a", () -> done.add("a again"))).isTrue();
    await().until(() -> freed.get() == 2);
  }

  @Test
  void whatGoesOnIsInterruptedAtTheEnd() {
    pool.begin("a", () -> untilReleased("a"));

    pool.close();

    await().until(() -> done.contains("a was interrupted"));
  }
}
