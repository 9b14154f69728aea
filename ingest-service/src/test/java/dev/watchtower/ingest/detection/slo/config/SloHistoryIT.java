package dev.watchtower.ingest.detection.slo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.catalog.Slo;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.detection.slo.Counts;
import dev.watchtower.ingest.detection.slo.SavedCounts;
import dev.watchtower.ingest.detection.slo.SloBoard;
import dev.watchtower.ingest.detection.slo.SloTracker;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * The past of an SLO while its samples cannot be read, on a clock that stands an hour behind it.
 */
class SloHistoryIT extends IngestContext {
  private static final long HOUR = 482_000;
  private static final Instant NOW = Instant.ofEpochSecond((HOUR + 1) * 3_600 + 60);
  private static final AtomicInteger COUNT = new AtomicInteger();

  @Autowired private SavedCounts saved;
  @Autowired private LazyMigration migration;

  private final Faulty store = new Faulty();
  private final AtomicLong queryNanos = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger looks = new AtomicInteger();
  private final SloBoard board = new SloBoard(new ServiceRegistry());
  private final Slo slo =
      new Slo(
          "late-" + COUNT.incrementAndGet(),
          "Late",
          "pay",
          "prod",
          0.99,
          Duration.ofDays(1),
          new Slo.Events(null, "sum(bad)", "sum(requests)", Duration.ofMinutes(1)),
          null,
          0);
  private SloHistory running;

  /** What becomes of its reads. */
  private enum Reads {
    ANSWERED,
    REFUSED,
    TOO_SLOW
  }

  private final class Faulty extends HandMadeStore {
    private volatile Reads reads = Reads.ANSWERED;
    private int slowOnes = Integer.MAX_VALUE;
    private Reads afterwards = Reads.ANSWERED;
    private final AtomicInteger asked = new AtomicInteger();

    @Override
    public List<Samples> read(List<Series> of, long fromMillis, long toMillis, long maxSamples) {
      if (reads == Reads.TOO_SLOW && asked.get() >= slowOnes) {
        reads = afterwards;
      }
      if (reads != Reads.ANSWERED) {
        asked.incrementAndGet();
      }
      if (reads == Reads.REFUSED) {
        throw new StoreUnavailableException("PostgreSQL does not answer");
      }
      if (reads == Reads.TOO_SLOW) {
        queryNanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
      }
      return super.read(of, fromMillis, toMillis, maxSamples);
    }
  }

  private SloHistory history() {
    return new SloHistory(
        board,
        saved,
        new QueryEngine(store, QueryLimits.DEFAULT, queryNanos::get),
        migration,
        () -> looks.incrementAndGet() > 0,
        () -> new KeptSamples(Duration.ofHours(1), Duration.ofHours(1)),
        Clock.fixed(NOW, ZoneOffset.UTC),
        // No time passes but between two looks at it, and then more than any rest takes.
        new SloHistory.Pace(1, () -> nanos.addAndGet(TimeUnit.MINUTES.toNanos(1))));
  }

  @BeforeEach
  void anHourOfRequests() {
    for (long s = -60; s <= 3_600; s += 10) {
      store.add("requests{service=\"pay\"}", HOUR * 3_600 + s, 10 * (s + 60));
      store.add("bad{service=\"pay\"}", HOUR * 3_600 + s, s + 60);
    }
    board.take(List.of(slo));
  }

  @AfterEach
  void end() {
    if (running != null) {
      running.stop();
    }
  }

  private void begin() {
    running = history();
    running.start();
  }

  private SloTracker tracker() {
    return board.find(slo.name()).orElseThrow();
  }

  private List<Counts> savedHour() {
    return saved
        .load(slo.name(), tracker().meter().counting(), tracker().bucketsAnHour(), 0, HOUR)
        .getOrDefault(HOUR, List.of());
  }

  private void looksOn() {
    var after = looks.get() + 20;
    await().atMost(Duration.ofSeconds(20)).until(() -> looks.get() >= after);
  }

  @Test
  void anHourWaitsForStorageHoweverLongItIsAway() {
    store.reads = Reads.REFUSED;
    begin();
    await().atMost(Duration.ofSeconds(20)).until(() -> store.asked.get() >= 12);
    assertThat(savedHour()).isEmpty();

    store.reads = Reads.ANSWERED;

    await().atMost(Duration.ofSeconds(20)).until(() -> !savedHour().isEmpty());
    assertThat(savedHour()).hasSize(60).containsOnly(new Counts(540, 600));
  }

  @Test
  void anHourThatTakesTooLongEachTimeIsGivenUpAfterThree() {
    store.reads = Reads.TOO_SLOW;
    begin();
    looksOn();
    var asked = store.asked.get();
    // The hour, and the one that has only begun.
    assertThat(asked).isBetween(3, 6);
    looksOn();
    assertThat(store.asked).hasValue(asked);

    store.reads = Reads.ANSWERED;
    looksOn();

    assertThat(savedHour()).isEmpty();
    assertThat(tracker().lateHours()).isEmpty();
  }

  @Test
  void anHourThatTookTooLongOnceIsCountedWithTheNextTry() {
    store.reads = Reads.TOO_SLOW;
    // Each of the two hours once.
    store.slowOnes = 2;
    begin();

    await().atMost(Duration.ofSeconds(20)).until(() -> !savedHour().isEmpty());
    assertThat(store.asked).hasValue(2);
  }

  @Test
  void anHourThatIsLateWaitsForStorageToo() {
    store.reads = Reads.TOO_SLOW;
    store.slowOnes = 2;
    store.afterwards = Reads.REFUSED;
    begin();
    await().atMost(Duration.ofSeconds(20)).until(() -> store.asked.get() >= 14);

    store.reads = Reads.ANSWERED;

    await().atMost(Duration.ofSeconds(20)).until(() -> !savedHour().isEmpty());
  }
}
