package dev.watchtower.incident.remediation;

import dev.watchtower.common.catalog.Remediation.Playbook;
import dev.watchtower.incident.lifecycle.Attempts;
import dev.watchtower.incident.lifecycle.ConcurrentChange;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.remediation.Performer.Performed;
import dev.watchtower.incident.remediation.Repair.State;
import dev.watchtower.incident.remediation.Telemetry.Reading;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries plans out and sees whether they helped. All its state is in the log (but for since when
 * one cannot be begun), so it goes on after a restart; a repair that was under way when the process
 * died is not started again, only checked. Called by one thread, and does the repairs themselves in
 * a {@link RepairPool}, so that a long one holds up neither those of other services nor the look at
 * what others have come to.
 */
public final class Repairer {
  /** Longer than any action takes: what still runs then has died with its process. */
  static final Duration ORPHANED = Duration.ofMinutes(1);

  /** Tells people that a repair has not helped, in the caller's transaction. */
  @FunctionalInterface
  public interface Alarm {
    /**
     * Escalates the incident at once.
     *
     * @param about one phrase for people
     */
    void raise(UUID incident, String about, Instant now);
  }

  private final Repairs repairs;
  private final Gate gate;
  private final Performer performer;
  private final RepairPool pool;
  private final Telemetry telemetry;
  private final Alarm alarm;
  private final IncidentBook book;
  private final Transactions transactions;
  private final Supplier<List<Playbook>> playbooks;
  private final InstantSource clock;
  private final VainPlans vain = new VainPlans();

  /** A repairer. */
  public Repairer(
      Repairs repairs,
      Gate gate,
      Performer performer,
      RepairPool pool,
      Telemetry telemetry,
      Alarm alarm,
      IncidentBook book,
      Transactions transactions,
      Supplier<List<Playbook>> playbooks,
      InstantSource clock) {
    this.repairs = repairs;
    this.gate = gate;
    this.performer = performer;
    this.pool = pool;
    this.telemetry = telemetry;
    this.alarm = alarm;
    this.book = book;
    this.transactions = transactions;
    this.playbooks = playbooks;
    this.clock = clock;
  }

  /**
   * Does what is due at {@code now}. A failure stops none of the others.
   *
   * @throws RuntimeException the first failure, with the others suppressed
   */
  public void runDue(Instant now) {
    var attempts = new Attempts();
    attempts.run(() -> goOnAfterADeath(attempts, now.minus(ORPHANED), now));
    attempts.run(() ->
        attempts.each(
            all(State.AWAITING_APPROVAL), r -> transactions.retrying(() -> stillAwaited(r, now))));
    // What finds the pool full, or its service at work, is looked at again with the next run.
    attempts.run(() -> {
      var next = transactions.once(repairs::next);
      vain.keepOnly(next.stream().map(Repair::id).toList());
      attempts.each(next, r -> pool.begin(r.order().service(), () -> actOn(r)));
    });
    var look = new Look(telemetry);
    attempts.run(() -> attempts.each(all(State.CHECKING), r -> check(r, look, clock.instant())));
    attempts.end();
  }

  private void goOnAfterADeath(Attempts attempts, Instant died, Instant now) {
    attempts.each(
        all(State.RUNNING).stream().filter(r -> isBefore(r.times().startedAt(), died)).toList(),
        r -> transactions.once(() -> orphaned(r, now)));
    attempts.each(
        transactions.once(repairs::toUndo).stream()
            .filter(r -> isBefore(r.times().endedAt(), died))
            .toList(),
        r -> finishUndo(r, false, "cut short by a restart: whether it was done is not known"));
  }

  private static boolean isBefore(@Nullable Instant at, Instant limit) {
    return at != null && at.isBefore(limit);
  }

  private List<Repair> all(State state) {
    return transactions.once(() -> repairs.in(state));
  }

  private Optional<Playbook> playbookOf(Repair repair) {
    return playbooks.get().stream()
        .filter(p -> p.name().equals(repair.order().playbook()))
        .findFirst();
  }

  private boolean orphaned(Repair repair, Instant now) {
    var by = repair.times().checkBy();
    return repairs.check(
        repair.id(),
        "cut short by a restart: whether it was done is not known",
        by == null ? now : by);
  }

  private boolean stillAwaited(Repair awaited, Instant now) {
    var found = lock(awaited).filter(r -> r.state() == State.AWAITING_APPROVAL);
    if (found.isEmpty()) {
      return false;
    }
    if (Gate.isOutdated(found.get(), playbookOf(awaited))) {
      return end(
          State.AWAITING_APPROVAL,
          awaited,
          Repairs.End.notDone(
              State.SKIPPED, "what would be done is another now than what was shown"),
          now);
    }
    var line = gate.passedOn(found.get(), playbookOf(awaited));
    if (!line.order().fingerprint().equals(found.get().order().fingerprint())) {
      book.note(line.incident(), RepairEntries.passedOn(line, now));
    }
    if (gate.holderOf(line).isEmpty()) {
      return end(
          State.AWAITING_APPROVAL,
          awaited,
          Repairs.End.notDone(State.SKIPPED, Gate.NOBODY_ASKS),
          now);
    }
    var by = awaited.times().approveBy();
    if (gate.hasCleared(line)) {
      return end(
          State.AWAITING_APPROVAL,
          awaited,
          Repairs.End.notDone(State.SKIPPED, "the signal cleared before anybody approved it"),
          now);
    }
    if (by != null && now.isAfter(by)) {
      return end(
          State.AWAITING_APPROVAL,
          awaited,
          Repairs.End.notDone(State.EXPIRED, "nobody approved it by " + by),
          now);
    }
    return false;
  }

  /** Acts; whether the line has got on, so that the next one of the service can be looked at. */
  private boolean actOn(Repair planned) {
    try {
      act(planned);
      vain.forget(planned.id());
    } catch (RuntimeException e) {
      giveUpIfVain(planned, e);
    }
    return transactions
        .once(() -> repairs.find(planned.id()))
        .filter(line -> line.state() != State.PLANNED)
        .isPresent();
  }

  private void giveUpIfVain(Repair planned, RuntimeException why) {
    var now = clock.instant();
    if (!vain.isOver(planned.id(), now)) {
      throw why;
    }
    var end = vain.end(planned.id(), why);
    try {
      boolean unused = transactions.retrying(() -> end(State.PLANNED, planned, end, now));
    } catch (RuntimeException e) {
      // What keeps it from being begun can keep the timeline from being told of its end as well.
      why.addSuppressed(e);
      transactions.retrying(() -> endUntold(planned, end, now));
      vain.forget(planned.id());
      throw why;
    }
    vain.forget(planned.id());
  }

  private boolean endUntold(Repair planned, Repairs.End end, Instant now) {
    var open = lock(planned).filter(r -> r.state() == State.PLANNED);
    open.ifPresent(line -> repairs.end(line.id(), end, now));
    return open.isPresent();
  }

  private void act(Repair planned) {
    // What it was before is only worth something if it is asked for before.
    var before = transactions.once(() -> repairs.find(planned.id())).flatMap(this::valueNow);
    var playbook = playbookOf(planned);
    var now = clock.instant();
    boolean started = transactions.retrying(() -> start(planned, playbook, before, now));
    if (!started || playbook.isEmpty()) {
      return;
    }
    var line = transactions.once(() -> repairs.find(planned.id())).orElse(planned);
    var performed = performer.perform(line, playbook.get().action());
    var done = clock.instant();
    transactions.retrying(() ->
        switch (performed) {
          case Performed.Done d ->
              repairs.check(planned.id(), d.words(), done.plus(playbook.get().judgedAfter()));
          case Performed.Failed f ->
              end(State.RUNNING, planned, Repairs.End.failed(f.words()), done);
          case Performed.Needless n ->
              end(State.RUNNING, planned, Repairs.End.notDone(State.SKIPPED, n.words()), done);
        });
  }

  private Optional<Double> valueNow(Repair repair) {
    var expected = repair.order().expected();
    return expected != null
            && telemetry.read(repair.order().service(), repair.env(), expected.signal())
                instanceof Reading.Value v
        ? Optional.of(v.value())
        : Optional.empty();
  }

  private boolean start(
      Repair planned, Optional<Playbook> playbook, Optional<Double> before, Instant now) {
    // Else another process could start a second one on the service at the same moment.
    repairs.lockTarget(planned);
    var found = lock(planned).filter(r -> r.state() == State.PLANNED);
    if (found.isEmpty()) {
      return false;
    }
    var line = gate.passedOn(found.get(), playbook);
    return switch (gate.decide(line, playbook, now)) {
      case Gate.Verdict.No(var why) -> {
        end(State.PLANNED, planned, Repairs.End.notDone(State.SKIPPED, why), now);
        yield false;
      }
      case Gate.Verdict.Ask(var until) -> {
        repairs.ask(planned.id(), until);
        book.note(line.incident(), RepairEntries.asked(line, until, now));
        yield false;
      }
      case Gate.Verdict.Go(var within) -> {
        var wayBack = playbook.flatMap(p -> WayBack.of(p.action())).orElse(null);
        repairs.start(planned.id(), before.orElse(null), wayBack, now, now.plus(within));
        book.note(line.incident(), RepairEntries.started(line, before, now));
        yield true;
      }
    };
  }

  private void check(Repair repair, Look look, Instant now) {
    var checkBy = repair.times().checkBy();
    var started = repair.times().startedAt();
    if (started == null || checkBy == null) {
      throw new IllegalStateException("a repair that is checked has been started");
    }
    var playbook = playbookOf(repair);
    var acted =
        playbook.map(p -> checkBy.minus(p.judgedAfter())).filter(started::isBefore).orElse(started);
    var seen =
        new Judgement.Seen(
            transactions.once(() -> gate.hasCleared(repair)),
            repair.order().action().equals("restart")
                && performer.isHealthySince(repair.order().service(), started),
            look.at(repair));
    Judgement.of(repair, seen, acted, checkBy, now)
        .ifPresent(verdict -> finish(repair, verdict, now));
  }

  private void finish(Repair repair, Repairs.End verdict, Instant now) {
    var back =
        verdict.effect() == Repair.Effect.NOT_MET
            ? transactions.once(() -> repairs.wayBack(repair.id()))
            : Optional.<String>empty();
    var end = verdict.undone(back.isPresent());
    boolean ended = transactions.retrying(() -> end(State.CHECKING, repair, end, now));
    back.filter(b -> ended)
        .filter(b -> !pool.begin(repair.order().service(), () -> undo(repair, b)))
        // The log has it as begun: nobody else would.
        .ifPresent(b -> undo(repair, b));
  }

  private boolean undo(Repair repair, String wayBack) {
    var performed = performer.undo(repair, wayBack, playbookOf(repair).map(Playbook::action));
    finishUndo(repair, !(performed instanceof Performed.Failed), performed.words());
    return true;
  }

  private void finishUndo(Repair repair, boolean done, String outcome) {
    transactions.retrying(() -> {
      var found = lock(repair);
      var open = found.map(r -> r.result().undo());
      if (open.isEmpty() || !open.get().state().equals("RUNNING")) {
        return false;
      }
      repairs.undone(repair.id(), done, outcome);
      book.note(
          found.get().incident(), RepairEntries.undone(repair, done, outcome, clock.instant()));
      return true;
    });
  }

  /**
   * The line, locked after its incident, as whoever moves the line with its signal does.
   *
   * @throws ConcurrentChange if it was moved to another incident between the two
   */
  private Optional<Repair> lock(Repair repair) {
    var seen = repairs.find(repair.id()).orElse(repair);
    var unused = book.incidents().lock(seen.incident());
    var line = repairs.lock(repair.id());
    if (line.filter(l -> !l.incident().equals(seen.incident())).isPresent()) {
      // To lock that one now could meet somebody who has it and waits for the line.
      throw new ConcurrentChange(new IllegalStateException("the line has another incident now"));
    }
    return line;
  }

  /** Ends a line, if it still stands where it stood when that was decided. */
  private boolean end(State from, Repair repair, Repairs.End end, Instant now) {
    var open = lock(repair).filter(r -> r.state() == from);
    if (open.isEmpty()) {
      return false;
    }
    repairs.end(repair.id(), end, now);
    var ended = repairs.find(repair.id()).orElse(repair);
    book.note(ended.incident(), RepairEntries.ended(ended, now));
    switch (end.state()) {
      case FAILED -> alarm.raise(ended.incident(), ended.what() + " did not help", now);
      case UNVERIFIED ->
          alarm.raise(ended.incident(), ended.what() + ": nobody can say if it helped", now);
      case EXPIRED -> alarm.raise(ended.incident(), ended.what() + " was not approved", now);
      default -> {}
    }
    if (letsAnotherAsk(ended)) {
      playbookOf(ended)
          .flatMap(playbook -> gate.afterwards(ended, playbook))
          .ifPresent(plan -> {
            boolean unused = repairs.plan(plan, now);
          });
    }
    return true;
  }

  private boolean letsAnotherAsk(Repair ended) {
    return switch (ended.state()) {
      case SUCCEEDED, UNVERIFIED -> true;
      // It was approved for this one; for another one a person is asked anew.
      case SKIPPED ->
          Gate.isOutdated(ended, playbookOf(ended))
              || (ended.result().decidedBy() != null && gate.hasCleared(ended));
      default -> false;
    };
  }

  /** One look at everything: a source that is away is asked once only. */
  private static final class Look {
    private final Telemetry telemetry;
    private Reading.@Nullable Unknown away;

    Look(Telemetry telemetry) {
      this.telemetry = telemetry;
    }

    @Nullable Reading at(Repair repair) {
      var expected = repair.order().expected();
      if (expected == null || away != null) {
        return expected == null ? null : away;
      }
      var reading = telemetry.read(repair.order().service(), repair.env(), expected.signal());
      if (reading instanceof Reading.Unknown unknown && unknown.sourceIsAway()) {
        away = unknown;
      }
      return reading;
    }
  }
}
