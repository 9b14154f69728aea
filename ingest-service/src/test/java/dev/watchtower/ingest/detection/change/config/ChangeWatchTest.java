package dev.watchtower.ingest.detection.change.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogParser;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.ingest.detection.FindingBox;
import dev.watchtower.ingest.detection.Observation;
import dev.watchtower.ingest.detection.change.Deployments;
import dev.watchtower.ingest.events.ChangeEvents;
import dev.watchtower.ingest.events.ReceivedEvent;
import dev.watchtower.ingest.golden.CurrentGoldenSignals;
import dev.watchtower.ingest.golden.GoldenSignals;
import dev.watchtower.ingest.golden.GoldenSources;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.series.Freshness;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two services are deployed, the one whose samples are too many after the other. */
class ChangeWatchTest {
  private static final long START = 1_800_000;
  private static final long NOW = START + 3_600;
  private static final List<String> STEADY = List.of("pay", "heavy", "s1", "s2", "s3", "s4", "s5");
  private static final List<String> ALL =
      List.of("pay", "heavy", "s1", "s2", "s3", "s4", "s5", "worse");

  private final Overfull store = new Overfull();
  private final QueryEngine engine = new QueryEngine(store, QueryLimits.DEFAULT, this::nanos);
  private final ServiceRegistry registry = new ServiceRegistry();
  private final FindingBox box = new FindingBox();
  private final List<ChangeEvent> deployed =
      new ArrayList<>(List.of(deployed("heavy", 2_400), deployed("pay", 1_800)));
  private Catalog catalog = catalog("first", "second");
  private final ChangeWatch watch =
      new ChangeWatch(
          new Events(deployed),
          new Deployments(registry),
          new CurrentGoldenSignals(
              new GoldenSignals(engine, new GoldenSources(catalog.goldenSignals()))),
          engine,
          box,
          () -> catalog,
          () -> true,
          Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC),
          this::nanos);

  private long nanos() {
    return store.nanos;
  }

  /** As if one service had more samples than a query may read, or some took long to read. */
  private static final class Overfull extends HandMadeStore {
    private boolean tooMuch = true;
    private long nanos;
    private final Map<String, Duration> costs = new HashMap<>();

    @Override
    public List<Samples> read(List<Series> of, long fromMillis, long toMillis, long maxSamples) {
      if (tooMuch
          && of.stream().anyMatch(s -> s.labels().getOrEmpty(Labels.SERVICE).equals("heavy"))) {
        throw new LimitExceededException("too many samples");
      }
      for (Series series : of) {
        nanos +=
            costs.getOrDefault(series.labels().getOrEmpty(Labels.SERVICE), Duration.ZERO).toNanos();
      }
      return super.read(of, fromMillis, toMillis, maxSamples);
    }
  }

  private record Events(List<ChangeEvent> all) implements ChangeEvents {
    @Override
    public int add(List<ReceivedEvent> events) {
      return 0;
    }

    @Override
    public List<ChangeEvent> byId(String id, @Nullable String source) {
      return List.of();
    }

    @Override
    public int deleteBefore(Instant time) {
      return 0;
    }

    @Override
    public List<ChangeEvent> find(Search search) {
      return all;
    }
  }

  private static Catalog catalog(String... rules) {
    String yaml =
        """
        version: 1
        services: [{name: pay, environments: [prod]}, {name: heavy, environments: [prod]}]
        golden-signals:
          traffic:
            - {convention: x, expression: 'requests{service="$service"}'}
        rules:
        """
            + Stream.of(rules)
                .map(rule -> "  - {name: %s, kind: change, severity: SEV3}\n".formatted(rule))
                .collect(Collectors.joining());
    return new CatalogParser(Map.<String, String>of()::get)
        .parse("c", yaml.getBytes(StandardCharsets.UTF_8));
  }

  private static ChangeEvent deployed(String service, long second) {
    return deployed("of-" + service, service, second);
  }

  private static ChangeEvent deployed(String id, String service, long second) {
    return new ChangeEvent(
        id,
        "ci",
        "dev.cdevents.service.deployed.0.2.0",
        service,
        "prod",
        Instant.ofEpochSecond(START + second),
        service + " deployed",
        Map.of());
  }

  private void heardAt(long second) {
    registry.recall(
        ALL.stream()
            .map(s -> new Freshness.LastSample(s, "prod", Instant.ofEpochSecond(second)))
            .toList(),
        second * 1000);
  }

  private List<String> found() {
    List<String> found = new ArrayList<>();
    for (var next = box.poll(); next != null; next = box.poll()) {
      found.add(next.rule().name() + " " + next.findings().getFirst().key().service());
    }
    return found;
  }

  ChangeWatchTest() {
    for (String service : STEADY) {
      for (long s = 0; s <= 3_600; s += 5) {
        store.add("requests{service=\"" + service + "\",env=\"prod\"}", START + s, 10);
      }
    }
    heardAt(NOW);
  }

  @Test
  void aDeploymentThatCannotBeJudgedHoldsUpNoOther() {
    watch.look();

    assertThat(found()).containsExactly("first pay", "second pay");
    assertThat(watch.faults())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("rules.first: deployment of-heavy (ci) of heavy (prod): ")
        .contains("too many samples");

    // Not tried again so soon, and not forgotten either.
    watch.look();
    assertThat(found()).isEmpty();
    assertThat(watch.faults()).hasSize(2);
  }

  @Test
  void aFaultIsOverWhenItIsJudgedOrNobodyWatches() {
    watch.look();
    catalog = catalog("first");
    watch.look();
    assertThat(watch.faults()).hasSize(1);

    store.tooMuch = false;
    heardAt(NOW + 10);
    watch.look();
    assertThat(watch.faults()).isEmpty();
    assertThat(found()).contains("first heavy");
  }

  @Test
  void thoseThatTakeLongTakeTurnsAndHoldUpTheOthersForOneOfThemOnly() {
    deployed.clear();
    for (int i = 1; i <= 5; i++) {
      deployed.add(deployed("s" + i, 2_400));
      store.costs.put("s" + i, i == 3 ? Duration.ofSeconds(4) : Duration.ofSeconds(11));
    }
    deployed.add(deployed("pay", 1_800));
    catalog = catalog("first");
    watch.look();
    assertThat(found()).contains("first pay");

    List<String> found = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      heardAt(NOW + 10 * i);
      long begin = store.nanos;
      watch.look();
      assertThat(Duration.ofNanos(store.nanos - begin)).isLessThan(Duration.ofSeconds(12));
      List<String> now = found();
      assertThat(now).contains("first pay");
      found.addAll(now);
    }
    assertThat(found).as("has its turn").containsOnlyOnce("first s3");
    assertThat(watch.faults()).hasSize(4);

    store.costs.clear();
    for (int i = 6; i <= 11; i++) {
      heardAt(NOW + 10 * i);
      watch.look();
    }
    assertThat(found()).contains("first s1", "first s2", "first s4", "first s5");
    assertThat(watch.faults()).isEmpty();
  }

  @Test
  void isJudgedAtWholeStepsWheneverItIsLookedAt() {
    deployed.clear();
    deployed.add(deployed("pay", 1_800));
    catalog = catalog("first");
    List<Long> at = new ArrayList<>();
    for (int second : List.of(7, 9, 13, 19, 20, 36)) {
      heardAt(NOW + second);
      watch.look();
      for (var next = box.poll(); next != null; next = box.poll()) {
        next.findings().forEach(f -> at.add(f.at() / 1000 - NOW));
      }
    }

    assertThat(at).containsExactly(0L, 10L, 20L, 30L);
  }

  @Test
  void isJudgedThoughItsSamplesCouldNotBeReadYetAndNoMoreCome() {
    deployed.clear();
    deployed.add(deployed("worse", 2_700));
    catalog = catalog("first");
    watch.look();
    assertThat(seen()).containsOnly(entry("of-worse", Observation.UNKNOWN));

    for (long s = 0; s <= 3_600; s += 5) {
      store.add("requests{service=\"worse\",env=\"prod\"}", START + s, s < 2_700 ? 10 : 1);
    }
    watch.look();
    assertThat(seen()).containsOnly(entry("of-worse", Observation.BREACH));
    watch.look();
    assertThat(seen()).isEmpty();
  }

  @Test
  void whatCannotBeComparedIsLookedAtOnceWhereItsServiceIsSilent() {
    deployed.clear();
    deployed.add(deployed("worse", 2_700));
    catalog = catalog("first");
    registry.clockPutBack((NOW - 70) * 1000);
    watch.look();
    assertThat(seen()).containsOnly(entry("of-worse", Observation.UNKNOWN));

    watch.look();
    assertThat(seen()).isEmpty();
  }

  @Test
  void aRollBackThatIsNewerThanAllSamplesLeavesTheFaultWithTheDeploymentBefore() {
    for (long s = 0; s <= 3_600; s += 5) {
      store.add("requests{service=\"worse\",env=\"prod\"}", START + s, s < 2_700 ? 10 : 1);
    }
    deployed.clear();
    deployed.add(deployed("back", "worse", 3_605));
    deployed.add(deployed("bad", "worse", 2_700));
    deployed.add(deployed("good", "worse", 2_100));
    catalog = catalog("first");

    watch.look();

    assertThat(seen())
        .containsOnly(entry("good", Observation.FINE), entry("bad", Observation.BREACH));
  }

  private Map<String, Observation> seen() {
    Map<String, Observation> seen = new HashMap<>();
    for (var next = box.poll(); next != null; next = box.poll()) {
      next.findings().forEach(f -> seen.put(f.labels().getOrEmpty("event"), f.observation()));
    }
    return seen;
  }
}
