package dev.watchtower.common.outbox;

import static dev.watchtower.common.outbox.OutboxBench.handler;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxIT {
  private static EmbeddedPostgres server;
  @TempDir private static Path data;

  private final Map<String, List<Integer>> received = new ConcurrentHashMap<>();
  private OutboxBench bench;

  record Numbered(int number) {}

  @BeforeAll
  static void startTheServer() throws IOException {
    server = start(0);
  }

  private static EmbeddedPostgres start(int port) throws IOException {
    var builder = EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
    return (port == 0 ? builder : builder.setPort(port)).start();
  }

  @AfterAll
  static void stopTheServer() throws IOException {
    server.close();
  }

  @BeforeEach
  void freshTable() {
    bench = new OutboxBench(server.getJdbcUrl("postgres", "postgres"));
  }

  @AfterEach
  void stopWorkers() {
    bench.close();
  }

  @Test
  void aClockThatIsPutBackHoldsNothingUp() {
    bench.append("a", new Numbered(1));
    bench.putClockBack(Duration.ofMinutes(10));
    assertThat(bench.store().mendTimes(Duration.ofMinutes(16))).as("a wait that may be").isZero();
    assertThat(bench.store().claim(List.of("t"), 5, Duration.ofSeconds(10))).isEmpty();
    bench.putClockBack(Duration.ofMinutes(30));

    assertThat(bench.store().mendTimes(Duration.ofMinutes(16))).isEqualTo(1);
    assertThat(bench.store().claim(List.of("t"), 5, Duration.ofSeconds(10))).hasSize(1);
  }

  @Test
  void keepsTheOrderOfEachKeyAlthoughAttemptsFailAndWorkersShare() {
    OutboxHandler flaky =
        handler(m ->
            (m.id().hashCode() + m.attempt()) % 3 == 0
                ? Outcome.retry("not now", Duration.ofMillis(5))
                : record(m));
    bench.worker(flaky);
    bench.worker(flaky);

    for (int i = 0; i < 15; i++) {
      for (int key = 0; key < 20; key++) {
        bench.append("key" + key, new Numbered(i));
      }
    }

    await().atMost(30, SECONDS).until(() -> bench.outbox().waiting("t").waiting() == 0);
    assertThat(received).hasSize(20);
    assertThat(received.values())
        .allSatisfy(order ->
            assertThat(order).containsExactlyElementsOf(IntStream.range(0, 15).boxed().toList()));
    assertThat(bench.count("appended")).isEqualTo(300);
    assertThat(bench.count("delivered")).isEqualTo(300);
  }

  @Test
  void leavesNothingOfATransactionThatIsRolledBack() {
    bench.worker(handler(this::record));

    bench
        .transaction()
        .executeWithoutResult(tx -> {
          bench.outbox().append("k", "t", new Numbered(1));
          tx.setRollbackOnly();
        });
    bench.append("k", new Numbered(2));

    await().until(() -> received.containsKey("k") && bench.outbox().waiting("t").waiting() == 0);
    assertThat(received).isEqualTo(Map.of("k", List.of(2)));
  }

  @Test
  void refusesAMessageOutsideATransactionOrWithoutAHandler() {
    bench.worker(handler(this::record));

    assertThatThrownBy(() -> bench.outbox().append("k", "t", "x"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () -> bench.transaction().execute(tx -> bench.outbox().append("k", "unknown", "x")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("unknown");
  }

  @Test
  void deliversAgainWhatADeadProcessWasDelivering() {
    bench.append("k", new Numbered(1));
    bench.append("k", new Numbered(2));
    var lost = bench.store().claim(List.of("t"), 10, Duration.ofSeconds(1));
    assertThat(lost).extracting(OutboxStore.Claim::attempt).containsExactly(1);

    var attempts = new CopyOnWriteArrayList<Integer>();
    bench.worker(
        handler(m -> {
          attempts.add(m.attempt());
          return record(m);
        }));

    await().until(() -> bench.outbox().waiting("t").waiting() == 0);
    assertThat(received.get("k")).containsExactly(1, 2);
    assertThat(attempts).containsExactly(2, 1);
    assertThat(bench.store().done(lost.getFirst())).as("the fence").isFalse();
  }

  @Test
  void doesNotDeliverTwiceWhatTakesLongerThanTheLease() {
    var slow = new CountDownLatch(1);
    bench.worker(
        handler(m -> {
          // Two and a half times the lease of the bench.
          assertThat(awaitQuietly(slow, 2_500)).isFalse();
          return record(m);
        }));

    bench.append("k", new Numbered(1));

    await().until(() -> bench.outbox().waiting("t").waiting() == 0);
    assertThat(received.get("k")).containsExactly(1);
    assertThat(bench.count("delivered")).isEqualTo(1);
  }

  @Test
  void keepsDeadLettersWithoutHoldingUpTheKey() {
    bench.worker(
        handler(m ->
            m.payload(Numbered.class).number() == 1 && m.attempt() == 1
                ? Outcome.dead("refused")
                : record(m)));
    bench.append("k", new Numbered(1));
    bench.append("k", new Numbered(2));
    bench.append("k", "not a number");
    bench.append("k", new Numbered(3));

    await().until(() -> bench.outbox().waiting("t").waiting() == 0);
    assertThat(received.get("k")).containsExactly(2, 3);
    var view = bench.outbox().waiting("t");
    assertThat(view.dead()).isEqualTo(2);
    assertThat(view.rows().getFirst().lastError()).isEqualTo("refused");
    assertThat(view.rows().getLast().lastError()).startsWith("the payload is not a Numbered");

    assertThat(bench.outbox().retry(view.rows().getFirst().id())).isTrue();
    await().until(() -> received.get("k").size() == 3);
    assertThat(received.get("k")).containsExactly(2, 3, 1);
    assertThat(bench.outbox().retry(UUID.randomUUID())).isFalse();
  }

  @Test
  void letsAnOperatorDropAMessageThatHoldsUpItsKey() {
    bench.worker(
        handler(m ->
            m.payload(Numbered.class).number() == 1
                ? Outcome.retry("never ready", Duration.ofMinutes(5))
                : record(m)));
    bench.append("k", new Numbered(1));
    bench.append("k", new Numbered(2));
    await()
        .until(() ->
            bench.outbox().waiting("t").rows().stream()
                .anyMatch(r -> "never ready".equals(r.lastError())));

    assertThat(
            bench.outbox().drop(bench.outbox().waiting("t").rows().getFirst().id(), "not needed"))
        .isTrue();

    await().until(() -> received.containsKey("k"));
    assertThat(received.get("k")).containsExactly(2);
  }

  @Test
  void givesUpAMessageThatBreaksItsHandlerEachTime() {
    bench.append("k", new Numbered(1));
    bench.exhaust();
    bench.worker(
        handler(m -> {
          throw new IllegalStateException("broken");
        }));

    await().until(() -> bench.outbox().waiting("t").dead() == 1);
    assertThat(bench.outbox().waiting("t").rows().getFirst().lastError()).contains("broken");
  }

  @Test
  void goesOnWhenTheDatabaseComesBack() throws IOException {
    bench.worker(handler(this::record));
    bench.append("k", new Numbered(1));
    await().until(() -> received.containsKey("k"));
    int port = server.getPort();

    server.close();
    assertThatThrownBy(() -> bench.append("k", new Numbered(2)))
        .isInstanceOf(RuntimeException.class);
    server = start(port);
    await()
        .ignoreExceptions()
        .atMost(20, SECONDS)
        .until(() -> {
          bench.append("k", new Numbered(3));
          return true;
        });

    await().atMost(20, SECONDS).until(() -> received.get("k").size() >= 2);
    assertThat(received.get("k")).containsExactly(1, 3);
  }

  @Test
  void purgesOnlyWhatIsLongDone() {
    bench.worker(handler(this::record));
    bench.append("k", new Numbered(1));
    bench.append("k", new Numbered(2));
    await().until(() -> bench.outbox().waiting("t").waiting() == 0);

    assertThat(bench.store().purge(Duration.ofDays(1), 10)).isZero();
    assertThat(bench.store().purge(Duration.ZERO, 1)).isEqualTo(1);
    assertThat(bench.store().purge(Duration.ZERO, 10)).isEqualTo(1);
  }

  @Test
  void startsDeliveringAtOnceAfterTheCommit() {
    bench.worker(handler(m -> record(m)));
    var millis = new CopyOnWriteArrayList<Long>();
    for (int i = 0; i < 60; i++) {
      int n = i + 1;
      bench.append("k", new Numbered(n));
      long before = System.nanoTime();
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(1))
          .until(() -> received.getOrDefault("k", List.of()).size() == n);
      millis.add((System.nanoTime() - before) / 1_000_000);
    }
    var sorted = millis.stream().sorted().toList();

    // The poll of the bench is 200 ms: only the kick can be this quick.
    assertThat(sorted.get(30)).as("median of %s", sorted).isLessThan(60);
  }

  private Outcome record(OutboxMessage message) {
    received
        .computeIfAbsent(message.key(), k -> new CopyOnWriteArrayList<>())
        .add(message.payload(Numbered.class).number());
    return Outcome.delivered();
  }

  private static boolean awaitQuietly(CountDownLatch latch, long millis) {
    try {
      return latch.await(millis, java.util.concurrent.TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Test
  void triesOneMessageNowAndThenWhileTheOneReceiverDoesNotAnswer() {
    var away = new AtomicBoolean(true);
    var attempts = new AtomicInteger();
    bench.worker(
        handler(
            true,
            m -> {
              attempts.incrementAndGet();
              return away.get() ? Outcome.unanswered("away") : record(m);
            }));
    for (int key = 0; key < 200; key++) {
      bench.append("key" + key, new Numbered(key));
    }
    var burst = new AtomicInteger(Integer.MAX_VALUE);
    await()
        .pollInterval(Duration.ofMillis(300))
        .until(() -> {
          int now = attempts.get();
          return now > 0 && burst.getAndSet(now) == now;
        });

    // Then one a pause, and not one a message.
    await().atMost(15, SECONDS).until(() -> attempts.get() >= burst.get() + 2);
    assertThat(attempts.get()).isLessThan(burst.get() + 5).isLessThan(100);
    away.set(false);

    await().atMost(10, SECONDS).until(() -> bench.outbox().waiting("t").waiting() == 0);
    assertThat(received).hasSize(200);
  }

  @Test
  void theTrialIsWhatWasTriedLeast() {
    bench.append("a", new Numbered(1));
    bench.append("a", new Numbered(2));
    bench.append("b", new Numbered(3));
    var lease = Duration.ofMinutes(1);

    var first = bench.store().claimTrial("t", lease).orElseThrow();
    assertThat(first.key()).isEqualTo("a");
    bench.store().later(first, Duration.ZERO, "no answer");
    var second = bench.store().claimTrial("t", lease).orElseThrow();
    assertThat(second.key()).as("not the same again").isEqualTo("b");
    bench.store().later(second, Duration.ofHours(1), "no answer");

    var third = bench.store().claimTrial("t", lease).orElseThrow();
    assertThat(third.id()).as("never one behind another of its key").isEqualTo(first.id());
    assertThat(bench.store().claimTrial("t", lease)).as("claimed, or not due").isEmpty();
    assertThat(bench.store().claimTrial("u", lease)).isEmpty();
  }

  @Test
  void aMessageThatGetsNoAnswerHoldsUpNoneOfTheOthers() {
    var attempts = new AtomicInteger();
    bench.append("first", new Numbered(0));
    bench.worker(
        handler(
            true,
            m -> {
              if (m.key().equals("first")) {
                attempts.incrementAndGet();
                return Outcome.unanswered("this one takes too long");
              }
              return record(m);
            }));
    await().until(() -> attempts.get() > 0);

    for (int key = 0; key < 50; key++) {
      bench.append("key" + key, new Numbered(key));
    }

    await().atMost(10, SECONDS).until(() -> received.size() == 50);
    assertThat(bench.outbox().waiting("t").waiting()).isEqualTo(1);
    int before = attempts.get();
    await().atMost(10, SECONDS).until(() -> attempts.get() > before);
  }

  /** Each compared with all others would take half a minute. */
  @Test
  void aLongLineTakesNoTimeForEachClaim() {
    bench.fill(10_000);
    var lease = Duration.ofMinutes(1);

    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          assertThat(bench.store().claimTrial("t", lease)).isPresent();
          assertThat(bench.store().claim(List.of("t"), 5, lease)).hasSize(5);
        });
  }
}
