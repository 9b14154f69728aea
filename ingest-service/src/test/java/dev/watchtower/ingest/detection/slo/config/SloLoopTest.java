package dev.watchtower.ingest.detection.slo.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.detection.slo.Counts;
import dev.watchtower.ingest.detection.slo.OwnGaps;
import dev.watchtower.ingest.detection.slo.SloBoard;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An SLO without samples; times are seconds. */
class SloLoopTest {
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
                  events: {bad: sum(bad), total: sum(all)}
              """
                  .getBytes(StandardCharsets.UTF_8));

  private final SloBoard board = new SloBoard(new ServiceRegistry());
  private final FindingBox box = new FindingBox();
  private long now = 100_000;
  private final SloLoop loop =
      new SloLoop(
          board,
          new QueryEngine(new HandMadeStore(), QueryLimits.DEFAULT, System::nanoTime),
          box,
          OwnGaps.NONE,
          ((InstantSource) () -> Instant.ofEpochSecond(now)).withZone(ZoneOffset.UTC),
          new SimpleMeterRegistry());

  @BeforeEach
  void follow() {
    loop.follow(CATALOG, new RuleBook(CATALOG.rules(), CATALOG.slos()));
    board.all().forEach(board::complete);
  }

  private boolean isJudged() {
    loop.idle();
    return box.poll() != null;
  }

  @Test
  void judgesByTheClockWhatGetsNoSamplesAlsoAfterItWasPutBack() {
    assertThat(isJudged()).isFalse();
    now += 14;
    assertThat(isJudged()).isFalse();
    now += 1;
    assertThat(isJudged()).isTrue();

    now -= 3_600;
    assertThat(isJudged()).isFalse();
    now += 15;
    assertThat(isJudged()).isTrue();
  }

  @Test
  void waitsForNoSampleOfAClockThatWasPutBack() {
    var tracker = board.all().iterator().next();
    tracker.append(now / 60 + 60, new Counts(1, 2));
    assertThat(tracker.at()).isGreaterThan(now * 1000);

    loop.clockPutBack(now * 1000);

    assertThat(tracker.at()).isEqualTo(now * 1000);
  }
}
