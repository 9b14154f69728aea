package dev.watchtower.analysis.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.watchtower.analysis.evidence.EvidenceCollector;
import dev.watchtower.analysis.evidence.Incidents;
import dev.watchtower.analysis.evidence.SourceException;
import dev.watchtower.analysis.evidence.Telemetry;
import dev.watchtower.analysis.model.Interpreter;
import dev.watchtower.analysis.model.LanguageModel;
import dev.watchtower.analysis.model.ModelGate;
import dev.watchtower.analysis.model.RawAnswer;
import dev.watchtower.analysis.ranking.Ranker;
import dev.watchtower.analysis.ranking.Series;
import dev.watchtower.analysis.support.Samples;
import dev.watchtower.common.test.MutableClock;
import dev.watchtower.common.wire.AnalysisRequest;
import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.CauseVerdict;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.SignalKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeskTest {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration SLOW = Duration.ofMillis(600);

  private final Kept analyses = new Kept();
  private final MutableClock clock = MutableClock.ofAFixedDay();
  private final CountDownLatch open = new CountDownLatch(1);
  private volatile @Nullable RuntimeException fault;
  private volatile boolean holding;
  private volatile boolean incidentServiceDown;
  private volatile @Nullable IncidentView slowlyTold;
  private final List<Duration> modelsTime = new CopyOnWriteArrayList<>();
  private final Desk desk = desk();

  private Desk desk() {
    return new Desk(
        analyses,
        incidents(),
        analyst(),
        () -> {
          if (holding) {
            try {
              open.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          var thrown = fault;
          if (thrown != null) {
            throw thrown;
          }
          return Samples.catalog(DEADLINE);
        },
        clock,
        Duration.ofSeconds(15),
        new Desk.Limits(1, 2),
        event -> analyses.logged.add(event.what()));
  }

  private Analyst analyst() {
    var telemetry =
        new Telemetry() {
          @Override
          public List<Series> goldenSignals(
              String service, String env, Instant from, Instant to, Duration step) {
            return List.of();
          }

          @Override
          public List<Series> furtherSeries(
              String service, String env, Instant from, Instant to, Duration step) {
            return List.of();
          }

          @Override
          public Calls calls(String service, String env, Instant from, Instant to, Duration step) {
            return Calls.NONE;
          }

          @Override
          public List<Anomaly> anomalies(String env) {
            return List.of();
          }

          @Override
          public List<ChangeEvent> changes(String env, Instant from, Instant to) {
            return List.of();
          }
        };
    return new Analyst(
        new EvidenceCollector(telemetry, incidents()),
        new Ranker(Duration.ofSeconds(10)),
        new Interpreter(
            new Model(), _ -> new RawAnswer(null, null, null), new ModelGate(9), clock, 1),
        clock,
        Duration.ofSeconds(3));
  }

  private Incidents incidents() {
    return new Incidents() {
      @Override
      public Optional<IncidentView> find(UUID id) {
        if (incidentServiceDown) {
          throw new SourceException("incident-service does not answer", new RuntimeException());
        }
        var told = slowlyTold;
        if (told != null) {
          long begin = System.nanoTime();
          await().until(() -> System.nanoTime() - begin > SLOW.toNanos());
        }
        return Optional.ofNullable(told);
      }

      @Override
      public Active active(String env) {
        return new Active(List.of(), true);
      }
    };
  }

  /** Notes how long it was given. */
  private final class Model implements LanguageModel {
    @Override
    public String name() {
      return "none";
    }

    @Override
    public Reply ask(String instructions, String question, Duration limit) {
      modelsTime.add(limit);
      return new Reply("", 0);
    }
  }

  @AfterEach
  void stop() {
    open.countDown();
    desk.close();
  }

  private UUID request(@Nullable IncidentView incident) {
    return desk.request(
        new AnalysisRequest(incident == null ? UUID.randomUUID() : incident.id(), incident), null);
  }

  @Test
  void finishesAndAsksForASecondLookWhenTheFirstShowedLittle() {
    var id = request(Samples.incident("checkout", clock.instant()));

    await().until(() -> analyses.finished.containsKey(id));
    assertThat(analyses.secondLooks).containsExactly(clock.instant().plusSeconds(15));
  }

  @Test
  void givesTheModelWhatIsLeftAfterTheIncidentWasAskedFor() {
    slowlyTold =
        Samples.incident(
            "checkout", clock.instant(), Samples.firing("checkout", SignalKind.THRESHOLD, "x"));
    request(null);

    await().until(() -> !modelsTime.isEmpty());
    assertThat(modelsTime.getFirst()).isLessThan(DEADLINE.minus(SLOW).minusMillis(400));
  }

  @Test
  void looksForEvidenceWhateverTheWaitLeft() {
    var incident =
        Samples.incident(
            "checkout", clock.instant(), Samples.firing("checkout", SignalKind.THRESHOLD, "x"));
    var work =
        new Work(
            UUID.randomUUID(),
            new AnalysisRequest(incident.id(), incident),
            false,
            1,
            clock.instant());

    var view =
        analyst()
            .analyse(work, incident, Samples.catalog(DEADLINE), Duration.ofSeconds(-30))
            .view();

    assertThat(view.degraded())
        .contains("no time was left for the model")
        .doesNotContain("no answer in time");
  }

  @Test
  void triesAgainLaterWhenTheIncidentCannotBeRead() {
    incidentServiceDown = true;
    var id = request(null);

    await().until(() -> analyses.postponed.contains(id));
    assertThat(analyses.finished).isEmpty();
  }

  @Test
  void givesUpAfterFiveTimes() {
    incidentServiceDown = true;
    analyses.attempt = 5;
    var id = request(null);

    await().until(() -> analyses.abandoned.containsKey(id));
    assertThat(analyses.abandoned.get(id).degraded())
        .isEqualTo("the incident could not be read: incident-service does not answer");
  }

  @Test
  void leavesAnAnalysisAloneThatTakesTheProcessDownAgainAndAgain() {
    analyses.attempt = 11;
    var id = request(Samples.incident("checkout", clock.instant()));

    await().until(() -> analyses.abandoned.containsKey(id));
  }

  @Test
  void refusesWhatHasNoRoomAndEntersNothing() {
    holding = true;
    for (int i = 0; i < 3; i++) {
      request(Samples.incident("checkout", clock.instant()));
      int begun = i;
      await().until(() -> begun > 0 || desk.hasRoom());
    }
    await().until(() -> !desk.hasRoom());
    int entered = analyses.entered.size();

    assertThatThrownBy(() -> request(Samples.incident("checkout", clock.instant())))
        .isInstanceOf(RejectedExecutionException.class);
    assertThat(analyses.entered).hasSize(entered);
  }

  @Test
  void saysWhenTheStoreFailsAndLetsTheSweepTryAgain() {
    fault = new IllegalStateException("no database");
    var id = request(Samples.incident("checkout", clock.instant()));
    await().until(() -> !analyses.logged.isEmpty());

    fault = null;
    await()
        .until(() -> {
          desk.sweep();
          return analyses.finished.containsKey(id);
        });
  }

  /** A store in memory. */
  private static final class Kept implements Analyses {
    final Map<UUID, AnalysisRequest> entered = new ConcurrentHashMap<>();
    final Map<UUID, AnalysisView> finished = new ConcurrentHashMap<>();
    final Map<UUID, AnalysisView> abandoned = new ConcurrentHashMap<>();
    final List<UUID> postponed = new CopyOnWriteArrayList<>();
    final List<Instant> secondLooks = new CopyOnWriteArrayList<>();
    final List<String> logged = new CopyOnWriteArrayList<>();
    volatile int attempt = 1;

    @Override
    public UUID request(AnalysisRequest request, @Nullable UUID key, Instant now) {
      var id = UUID.randomUUID();
      entered.put(id, request);
      return id;
    }

    @Override
    public Optional<Work> claim(UUID id, Instant now, Instant until) {
      return Optional.ofNullable(entered.get(id)).map(r -> new Work(id, r, false, attempt, now));
    }

    @Override
    public List<UUID> due(Instant now, int most) {
      return new ArrayList<>(entered.keySet());
    }

    @Override
    public void releaseOrphans() {}

    @Override
    public void finish(AnalysisView view, @Nullable Instant secondLook, Instant now) {
      finished.put(view.id(), view);
      if (secondLook != null) {
        secondLooks.add(secondLook);
      }
    }

    @Override
    public void abandon(UUID id, AnalysisView view, Instant now) {
      abandoned.put(id, view);
    }

    @Override
    public void postpone(UUID id, Instant now, Duration delay) {
      postponed.add(id);
    }

    @Override
    public Optional<AnalysisView> find(UUID id) {
      return Optional.empty();
    }

    @Override
    public List<AnalysisView> ofIncident(UUID incident, int most) {
      return List.of();
    }

    @Override
    public List<CauseVerdict> verdicts(UUID incident, int most) {
      return List.of();
    }

    @Override
    public int remove(Instant before, int most) {
      // None is ever that old here.
      return 0;
    }

    @Override
    public boolean feedback(Feedback feedback) {
      return false;
    }
  }
}
