package dev.watchtower.analysis.run;

import dev.watchtower.analysis.evidence.Incidents;
import dev.watchtower.analysis.evidence.SourceException;
import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.AnalysisRequest;
import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests and has them worked on: a few at a time, a bounded number waiting. What is entered
 * is kept in the store first, so a crash loses nothing: {@link #sweep} finds what is due.
 */
public final class Desk implements AutoCloseable {
  private static final int MOST_ATTEMPTS = 5;
  private static final Duration RETRY = Duration.ofSeconds(5);
  private static final Duration CLAIM_BEYOND_DEADLINE = Duration.ofSeconds(15);

  private final Analyses analyses;
  private final Incidents incidents;
  private final Analyst analyst;
  private final Supplier<Catalog> catalog;
  private final Clock clock;
  private final Duration followUpAfter;
  private final Consumer<Event> log;
  private final ThreadPoolExecutor workers;
  private final Set<UUID> inHand = ConcurrentHashMap.newKeySet();

  /**
   * @param followUpAfter how long after a thin first look the second is made
   * @param limits workers and waiting places
   * @param log told what happened, on the worker's thread
   */
  public Desk(
      Analyses analyses,
      Incidents incidents,
      Analyst analyst,
      Supplier<Catalog> catalog,
      Clock clock,
      Duration followUpAfter,
      Limits limits,
      Consumer<Event> log) {
    this.analyses = analyses;
    this.incidents = incidents;
    this.analyst = analyst;
    this.catalog = catalog;
    this.clock = clock;
    this.followUpAfter = followUpAfter;
    this.log = log;
    this.workers =
        new ThreadPoolExecutor(
            limits.workers,
            limits.workers,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(limits.queue),
            Thread.ofPlatform().daemon().name("analysis-", 0).factory());
    workers.allowCoreThreadTimeOut(true);
  }

  /** How many analyses at once, and how many may wait. */
  public record Limits(int workers, int queue) {}

  /**
   * Something to log.
   *
   * @param error the fault, where there was one
   */
  public record Event(UUID analysis, String what, @Nullable Throwable error) {}

  /** Whether another request can be taken now. */
  public boolean hasRoom() {
    return workers.getQueue().remainingCapacity() > 0;
  }

  /**
   * Enters a request and has it worked on.
   *
   * @param key the same each time this request is delivered, or null
   * @return the id of the analysis that answers it, or will
   * @throws RejectedExecutionException if too many wait; nothing was entered
   */
  public UUID request(AnalysisRequest request, @Nullable UUID key) {
    if (!hasRoom()) {
      throw new RejectedExecutionException("too many analyses wait");
    }
    var id = analyses.request(request, key, clock.instant());
    submit(id);
    return id;
  }

  /** Has everything worked on that is due and in nobody's hands. Called every few seconds. */
  public void sweep() {
    int room = workers.getQueue().remainingCapacity();
    if (room > 0) {
      analyses.due(clock.instant(), room).forEach(this::submit);
    }
  }

  /** An analysis that cannot wait in the queue now stays in the store; the sweep finds it. */
  private void submit(UUID id) {
    if (!inHand.add(id)) {
      return;
    }
    long entered = System.nanoTime();
    try {
      workers.execute(() -> {
        try {
          work(id, entered);
        } finally {
          inHand.remove(id);
        }
      });
    } catch (RejectedExecutionException e) {
      inHand.remove(id);
    }
  }

  private void work(UUID id, long entered) {
    try {
      var deadline = catalog.get().analysis().deadline();
      var now = clock.instant();
      var claimed = analyses.claim(id, now, now.plus(deadline).plus(CLAIM_BEYOND_DEADLINE));
      if (claimed.isPresent()) {
        run(claimed.get(), deadline, entered);
      }
    } catch (RuntimeException e) {
      // The store failed: the claim ends by itself and the sweep tries again.
      log.accept(new Event(id, "the analysis could not be kept and will be tried again", e));
    }
  }

  /**
   * @param entered when it was submitted, as of {@code System.nanoTime()}
   */
  private void run(Work work, Duration deadline, long entered) {
    if (work.attempt() > 2 * MOST_ATTEMPTS) {
      // Begun again and again without an end: it takes the process down, so it is left alone.
      abandon(work, "begun " + (work.attempt() - 1) + " times and never finished", null);
      return;
    }
    IncidentView incident;
    try {
      var found = incident(work);
      if (found.isEmpty()) {
        abandon(work, "incident-service does not know the incident", null);
        return;
      }
      incident = found.get();
    } catch (SourceException e) {
      if (work.attempt() >= MOST_ATTEMPTS) {
        abandon(work, "the incident could not be read: " + e.getMessage(), e);
      } else {
        analyses.postpone(work.id(), clock.instant(), RETRY);
      }
      return;
    }
    if (work.followUp() && incident.state() == IncidentState.RESOLVED) {
      abandon(work, "the incident was resolved before the second look", null);
      return;
    }
    Analyst.Result result;
    try {
      // Only now: asking for the incident took some of it.
      var left = deadline.minusNanos(System.nanoTime() - entered);
      result = analyst.analyse(work, incident, catalog.get(), left);
    } catch (RuntimeException e) {
      if (work.attempt() < MOST_ATTEMPTS) {
        log.accept(new Event(work.id(), "the analysis failed and will be tried again", e));
        analyses.postpone(work.id(), clock.instant(), RETRY);
      } else {
        abandon(work, "the analysis failed: " + e.getClass().getSimpleName(), e);
      }
      return;
    }
    var now = clock.instant();
    Instant second = result.thin() && !work.followUp() ? now.plus(followUpAfter) : null;
    analyses.finish(result.view(), second, now);
    log.accept(new Event(work.id(), "analysis done", null));
  }

  /** A second look asks for the incident again; when nobody answers, the old one serves. */
  private Optional<IncidentView> incident(Work work) {
    var given = Optional.ofNullable(work.request().incident());
    if (given.isPresent() && !work.followUp()) {
      return given;
    }
    try {
      return incidents.find(work.request().incidentId());
    } catch (SourceException e) {
      if (given.isPresent()) {
        return given;
      }
      throw e;
    }
  }

  private void abandon(Work work, String reason, @Nullable Throwable error) {
    log.accept(new Event(work.id(), "analysis given up: " + reason, error));
    analyses.abandon(
        work.id(),
        new AnalysisView(
            work.id(),
            work.request().incidentId(),
            AnalysisView.Status.FAILED,
            AnalysisView.Source.STATISTICAL,
            reason,
            List.of(),
            List.of(),
            List.of(),
            null,
            List.of(),
            null,
            0,
            0,
            work.createdAt()),
        clock.instant());
  }

  /** Stops; what is under way is found by the next process. */
  @Override
  public void close() {
    workers.shutdownNow();
  }
}
