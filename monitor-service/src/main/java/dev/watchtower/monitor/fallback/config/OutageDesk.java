package dev.watchtower.monitor.fallback.config;

import dev.watchtower.monitor.fallback.Handover;
import dev.watchtower.monitor.fallback.Outage;
import dev.watchtower.monitor.fallback.Outages;
import dev.watchtower.monitor.fallback.RememberedOutages;
import dev.watchtower.monitor.fallback.SignalSender;
import dev.watchtower.monitor.fallback.discord.DiscordDesk;
import dev.watchtower.monitor.probe.Check;
import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.probe.HealthState;
import dev.watchtower.monitor.probe.Observed;
import dev.watchtower.monitor.probe.Target;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Opens an outage when something goes down, closes it when it is up again, and has each carried to
 * those who must know by a courier of its own: one that waits for a slow receiver delays no other.
 * The number of couriers is bounded by the number of targets and what a restart finds unfinished.
 */
final class OutageDesk implements HealthBoard.Listener, SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(OutageDesk.class);
  private static final String RECEIVER = "incident-service";
  private static final Duration AFTER_FAULT = Duration.ofSeconds(1);

  private record Courier(Semaphore kick, Thread thread) {}

  private final RememberedOutages outages;
  private final SignalSender sender;
  private final DiscordDesk discord;
  private final Supplier<UUID> ids;
  private final Supplier<Set<String>> watched;
  private final BiPredicate<Outage, Instant> planned;
  private final Clock clock;
  private final Map<String, UUID> open = new ConcurrentHashMap<>();
  private final Map<UUID, Courier> couriers = new ConcurrentHashMap<>();
  private volatile boolean running;

  /**
   * @param watched the names of all targets there are
   * @param planned whether planned work on what is down goes on at the instant
   */
  OutageDesk(
      Outages outages,
      SignalSender sender,
      DiscordDesk discord,
      Supplier<UUID> ids,
      Supplier<Set<String>> watched,
      BiPredicate<Outage, Instant> planned,
      Clock clock) {
    this.outages = new RememberedOutages(outages);
    this.sender = sender;
    this.discord = discord;
    this.ids = ids;
    this.watched = watched;
    this.planned = planned;
    this.clock = clock;
  }

  @Override
  public void observed(Target target, Observed before, Observed after, Instant now) {
    if (!running || target.check() instanceof Check.Self) {
      return;
    }
    if (target.name().equals(RECEIVER)
        && before.state() != HealthState.UP
        && after.state() == HealthState.UP) {
      couriers.values().forEach(c -> c.kick().release());
    }
    // Compared with what is stored, not with the change of state: what a crash or a full disk
    // interrupted is made up for by the next result.
    if (after.state() == HealthState.DOWN && !open.containsKey(target.name())) {
      begin(target, after, now);
    } else if (after.state() == HealthState.UP) {
      end(target.name(), now);
    }
  }

  private void begin(Target target, Observed observed, Instant now) {
    var outage =
        new Outage(
            ids.get(),
            target.name(),
            target.service(),
            target.env(),
            target.severity(),
            observed.detail(),
            observed.since(),
            now,
            null,
            Outage.Route.PENDING,
            ids.get(),
            ids.get(),
            false,
            false);
    outages.open(outage);
    open.put(target.name(), outage.id());
    LOG.atWarn()
        .addKeyValue("target", target.name())
        .addKeyValue("reason", observed.detail())
        .log("down");
    // Before it is stored: a store that fails slowly must not use up the time of incident-service.
    dispatch(outage.id());
    var unused = write();
  }

  private void end(String target, Instant now) {
    var id = open.get(target);
    if (id == null) {
      return;
    }
    outages.clear(id, now);
    open.remove(target);
    LOG.atInfo().addKeyValue("target", target).log("up again");
    var courier = couriers.get(id);
    if (courier != null) {
      courier.kick().release();
    }
    discord.wake();
  }

  /** Ends the outages of what is watched no more; nobody could ever see it recover. */
  void watchOnly(Set<String> targets, Instant now) {
    for (var target : Set.copyOf(open.keySet())) {
      if (!targets.contains(target)) {
        end(target, now);
      }
    }
  }

  /** Gives the store what it could not take of the outages when it came about. */
  @Scheduled(fixedDelay = 2, timeUnit = TimeUnit.SECONDS)
  void writeAgain() {
    int written = write();
    if (written > 0) {
      LOG.atInfo().addKeyValue("outages", written).log("outages kept in memory are stored now");
    }
  }

  private int write() {
    try {
      int written = outages.write();
      if (written > 0) {
        // Ends that are stored now have cards to be edited.
        discord.wake();
      }
      return written;
    } catch (RuntimeException e) {
      // The board of the probes tells, at every result, that the store cannot be written.
      LOG.atDebug().setCause(e).log("outages wait in memory for the store");
      return 0;
    }
  }

  private void dispatch(UUID id) {
    var kick = new Semaphore(0);
    var thread = Thread.ofVirtual().name("courier-" + id).unstarted(() -> carry(id, kick));
    couriers.put(id, new Courier(kick, thread));
    thread.start();
  }

  private void carry(UUID id, Semaphore kick) {
    try {
      var progress = new Progress(clock.instant());
      while (running) {
        try {
          if (!step(id, kick, progress)) {
            return;
          }
        } catch (RuntimeException | Error e) {
          // The alert must not die with one fault of the store, or of ours.
          LOG.atError().setCause(e).log("carrying an outage failed, trying again");
          var unused = kick.tryAcquire(AFTER_FAULT.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      couriers.remove(id);
    }
  }

  /** Failed attempts in a row, and when the next may be made. */
  private static final class Progress {
    private int failures;
    private Instant notBefore;

    /** Whether it was logged that the store does not take what Discord is to be told. */
    private boolean storeFailed;

    Progress(Instant now) {
      this.notBefore = now;
    }
  }

  /** One step; false when everything is told. */
  private boolean step(UUID id, Semaphore kick, Progress progress) throws InterruptedException {
    var outage = outages.find(id).orElse(null);
    if (outage == null) {
      return false;
    }
    var now = clock.instant();
    switch (Handover.next(outage, progress.notBefore, now, planned.test(outage, now))) {
      case Handover.Step.DeliverFiring(Duration limit) -> {
        var outcome = sender.send(outage.firing(), limit);
        if (settled(outage, outcome, progress)) {
          // Its clock may be ahead of ours: what it says it tells nobody of is left to us.
          boolean tells =
              outcome instanceof SignalSender.Outcome.Accepted(var _, boolean late) && !late;
          outages.firingDone(id, tells && now.isBefore(outage.deliverBy()));
        }
      }
      case Handover.Step.DeliverCleared(Duration limit) -> {
        if (settled(outage, sender.send(outage.cleared(), limit), progress)) {
          outages.clearedDone(id);
        }
      }
      case Handover.Step.TellDiscord() -> tellDiscord(outage, now, kick, progress);
      case Handover.Step.TellNobody() -> {
        LOG.atInfo()
            .addKeyValue("target", outage.target())
            .log("over while planned work went on, nobody is told");
        outages.tellDiscord(id, List.of(), now);
      }
      case Handover.Step.WaitUntil(Instant at) -> {
        if (kick.tryAcquire(
            Math.max(1, Duration.between(now, at).toMillis()), TimeUnit.MILLISECONDS)) {
          // Something has changed for the better: no need to sit the pause out.
          progress.notBefore = clock.instant();
        }
      }
      case Handover.Step.WaitForRecovery() -> kick.acquire();
      case Handover.Step.Done() -> {
        return false;
      }
    }
    return true;
  }

  private void tellDiscord(Outage outage, Instant now, Semaphore kick, Progress progress)
      throws InterruptedException {
    var channels = discord.channelsFor(outage);
    try {
      outages.tellDiscord(outage.id(), channels, now);
    } catch (RuntimeException e) {
      if (outage.firingDone()) {
        throw e;
      }
      if (!progress.storeFailed) {
        progress.storeFailed = true;
        LOG.atError()
            .setCause(e)
            .addKeyValue("target", outage.target())
            .log("Discord cannot be told: monitor.db cannot be written; trying incident-service");
      }
      tellLate(outage, kick, progress);
      return;
    }
    LOG.atWarn()
        .addKeyValue("target", outage.target())
        .addKeyValue("channels", channels)
        .log("incident-service did not take the signal in time, telling Discord");
    discord.wake();
  }

  // We can tell nobody, so incident-service is to do it, late as it is.
  private void tellLate(Outage outage, Semaphore kick, Progress progress)
      throws InterruptedException {
    var outcome = sender.send(outage.firingAtAnyTime(), Handover.LONGEST_ATTEMPT);
    if (settled(outage, outcome, progress)) {
      // One that it had before may have come late to it, with the limit: then it tells nobody.
      boolean tells =
          outcome instanceof SignalSender.Outcome.Accepted(boolean known, var _) && !known;
      outages.firingDone(outage.id(), tells);
    } else {
      var unused = kick.tryAcquire(AFTER_FAULT.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private boolean settled(Outage outage, SignalSender.Outcome outcome, Progress progress) {
    return switch (outcome) {
      case SignalSender.Outcome.Accepted _ -> {
        progress.failures = 0;
        yield true;
      }
      case SignalSender.Outcome.Refused(String reason) -> {
        LOG.atError()
            .addKeyValue("target", outage.target())
            .addKeyValue("reason", reason)
            .log("incident-service refuses a signal for good");
        yield true;
      }
      case SignalSender.Outcome.Failed(String reason) -> {
        LOG.atDebug().addKeyValue("reason", reason).log("a signal was not taken");
        progress.notBefore = clock.instant().plus(Handover.pause(outage, progress.failures));
        progress.failures++;
        yield false;
      }
    };
  }

  @Override
  public void start() {
    running = true;
    for (var outage : outages.unfinished()) {
      if (outage.clearedAt() == null) {
        open.put(outage.target(), outage.id());
      }
      dispatch(outage.id());
    }
    // What was taken out of the catalog while this service was stopped.
    watchOnly(watched.get(), clock.instant());
  }

  @Override
  public void stop() {
    running = false;
    couriers.values().forEach(c -> c.thread().interrupt());
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Before the probes, whose results it must not miss; after them at the stop. */
  @Override
  public int getPhase() {
    return 100;
  }
}
