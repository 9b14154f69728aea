package dev.watchtower.ingest.detection.slo.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.ingest.detection.Detected;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.detection.slo.OwnGaps;
import dev.watchtower.ingest.detection.slo.SloBoard;
import dev.watchtower.ingest.detection.slo.SloStatus;
import dev.watchtower.ingest.detection.slo.SloTracker;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Series;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The samples of a service come six minutes late; times are seconds. */
class SloBehindTest {
  private static final long START = 1_800_000;
  private static final long LAG = 360;
  private static final long BEGIN = START + 600;
  private static final long END = START + 1_500;

  private static final Catalog CATALOG =
      new CatalogParser(Map.<String, String>of()::get)
          .parse(
              "c",
              """
              version: 1
              services: [{name: pay, environments: [prod]}]
              rules: [{name: burn, kind: burn-rate, slos: ["*"], severity: SEV2}]
              slos:
                - name: answers
                  service: pay
                  env: prod
                  objective: 99
                  period: 30d
                  warm-up: 5m
                  min-traffic: 8
                  events:
                    bad: sum(bad{service="$service"})
                    total: sum(all{service="$service"})
              """
                  .getBytes(StandardCharsets.UTF_8));

  private final RuleBook book = new RuleBook(CATALOG.rules(), CATALOG.slos());
  private final Detector detector = new Detector(book);
  private final HandMadeStore store = new HandMadeStore();
  private final ServiceRegistry registry = new ServiceRegistry();
  private final SloBoard board = new SloBoard(registry);
  private final FindingBox box = new FindingBox();
  private long now = START;
  private final SloLoop loop =
      new SloLoop(
          board,
          new QueryEngine(store, QueryLimits.DEFAULT, System::nanoTime),
          box,
          OwnGaps.NONE,
          ((InstantSource) () -> Instant.ofEpochSecond(now)).withZone(ZoneOffset.UTC),
          new SimpleMeterRegistry());

  /** Ten requests a second, all of them bad while it lasts. */
  private void sends(String service, long second) {
    add("all", service, second, 10 * (second - START));
    add("bad", service, second, 10 * Math.clamp(second - BEGIN, 0, END - BEGIN));
    loop.heard(Set.of("all", "bad"), second * 1000, second * 1000);
  }

  private void add(String metric, String service, long second, double value) {
    Series series = store.series(metric + "{service=\"" + service + "\",env=\"prod\"}");
    store.add(series, second * 1000, value);
    registry.heard(
        new AcceptedBatch(new Series[] {series}, new long[] {second * 1000}, new double[] {1}, 1),
        now * 1000);
  }

  private List<String> told() {
    List<Detected> told = new ArrayList<>();
    for (var next = box.poll(); next != null; next = box.poll()) {
      told.addAll(detector.onFindings(next.rule(), next.findings()));
    }
    return told.stream().map(d -> d.signal().status() + " " + d.labels().get("tier")).toList();
  }

  @ParameterizedTest
  @CsvSource({"10, false", "10, true", "30, false", "30, true"})
  void isJudgedByItsOwnTimeAlsoBesideOthers(int every, boolean besideOthers) {
    loop.follow(CATALOG, book);
    SloTracker tracker = board.all().iterator().next();
    board.complete(tracker);
    List<String> told = new ArrayList<>();
    for (; now <= END + 900 + LAG; now += 5) {
      if ((now - START) % every == 0) {
        if (now >= START + LAG) {
          sends("pay", now - LAG);
        }
        if (besideOthers) {
          sends("shop", now);
        }
      }
      loop.count(tracker);
      loop.idle();
      told.addAll(told());
      if (now - LAG == BEGIN + 300) {
        assertThat(told).containsExactly("FIRING 1h");
        SloStatus.Tier fastest = board.status(tracker, now * 1000).burnRates().getFirst();
        assertThat(fastest.breached()).isTrue();
      }
      if (now - LAG == END) {
        assertThat(told).hasSize(1);
      }
    }

    assertThat(told).containsExactly("FIRING 1h", "CLEARED 1h");
  }
}
