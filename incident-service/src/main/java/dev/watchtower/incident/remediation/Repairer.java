package dev.watchtower.incident.remediation;

import dev.watchtower.common.catalog.Catalog.Playbook;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Carries plans out and sees whether they helped. All its state is in the log, so it goes on after
 * a restart; a repair that was under way when the process died is not started again, only checked.
 * Called by one thread.
 */
public final class Repairer {
  /** Longer than any call to the supervisor takes: who still runs then has died. */
  static final Duration ORPHANED = Duration.ofSeconds(30);

  private final Repairs repairs;
  private final Supervisor supervisor;
  private final IncidentBook book;
  private final Transactions transactions;
  private final Supplier<List<Playbook>> playbooks;
  private final Maintenance maintenance;

  /** Whether people are at work on what a repair would act on. */
  @FunctionalInterface
  public interface Maintenance {
    /** The window that covers the signal now, in words. */
    Optional<String> covers(IncidentSignal signal, String env, Instant now);
  }

  /** A repairer. */
  public Repairer(
      Repairs repairs,
      Supervisor supervisor,
      IncidentBook book,
      Transactions transactions,
      Supplier<List<Playbook>> playbooks,
      Maintenance maintenance) {
    this.repairs = repairs;
    this.supervisor = supervisor;
    this.book = book;
    this.transactions = transactions;
    this.playbooks = playbooks;
    this.maintenance = maintenance;
  }

  /** Does what is due at {@code now}. */
  public void runDue(Instant now) {
    all(Repair.State.RUNNING).stream()
        .filter(r -> r.startedAt() != null && r.startedAt().isBefore(now.minus(ORPHANED)))
        .forEach(r -> transactions.once(() -> toCheck(r)));
    all(Repair.State.PLANNED).forEach(r -> act(r, now));
    all(Repair.State.CHECKING).forEach(r -> check(r, now));
  }

  private List<Repair> all(Repair.State state) {
    return transactions.once(() -> repairs.in(state));
  }

  private boolean toCheck(Repair repair) {
    repairs.check(repair.id());
    return true;
  }

  private void act(Repair planned, Instant now) {
    boolean started = transactions.retrying(() -> start(planned, now));
    if (!started) {
      return;
    }
    var fault =
        planned.action().equals("restart")
            ? supervisor.restart(
                planned.service(),
                "playbook %s, incident #%d".formatted(planned.playbook(), planned.number()))
            : "unknown action '" + planned.action() + "'";
    if (fault.isEmpty()) {
      transactions.once(() -> toCheck(planned));
    } else {
      transactions.retrying(() -> end(planned, Repair.State.FAILED, fault, now));
    }
  }

  private boolean start(Repair planned, Instant now) {
    var found = repairs.lock(planned.id()).filter(r -> r.state() == Repair.State.PLANNED);
    if (found.isEmpty()) {
      return false;
    }
    var playbook =
        playbooks.get().stream().filter(p -> p.name().equals(planned.playbook())).findFirst();
    var objection = objection(planned, playbook, now);
    if (objection.isPresent()) {
      end(planned, Repair.State.SKIPPED, objection.get(), now);
      return false;
    }
    repairs.start(planned.id(), now, now.plus(playbook.orElseThrow().expectWithin()));
    book.note(planned.incident(), RepairEntries.started(planned, now));
    return true;
  }

  private Optional<String> objection(Repair planned, Optional<Playbook> playbook, Instant now) {
    if (playbook.isEmpty()) {
      return Optional.of("the playbook is not in the catalog any more");
    }
    // After an outage of ours the plan may be old, and the service long healthy again.
    if (hasCleared(planned)) {
      return Optional.of("the signal that asked for it cleared before");
    }
    var window = windowOver(planned, now);
    if (window.isPresent()) {
      return window;
    }
    return Guard.objection(
        playbook.get(),
        repairs.starts(planned.service(), now.minus(longest(playbook.get()))),
        repairs.isBusy(planned.service()),
        now);
  }

  private Optional<String> windowOver(Repair planned, Instant now) {
    var incident = book.incidents().find(planned.incident());
    return incident
        .flatMap(i -> i.signal(planned.fingerprint()))
        .flatMap(s -> maintenance.covers(s, incident.get().subject().env(), now))
        .map(window -> "not during " + window);
  }

  private static Duration longest(Playbook playbook) {
    var hour = Duration.ofHours(1);
    return playbook.cooldown().compareTo(hour) > 0 ? playbook.cooldown() : hour;
  }

  private void check(Repair repair, Instant now) {
    var started = repair.startedAt();
    var checkBy = repair.checkBy();
    if (started == null || checkBy == null) {
      throw new IllegalStateException("a repair that is checked has been started");
    }
    if (transactions.once(() -> hasCleared(repair))) {
      finish(repair, Repair.State.SUCCEEDED, "the signal that started it cleared", now);
    } else if (supervisor.isHealthySince(repair.service(), started)) {
      finish(repair, Repair.State.SUCCEEDED, "the process is healthy again", now);
    } else if (now.isAfter(checkBy)) {
      var limit = Duration.between(started, checkBy).toSeconds();
      finish(repair, Repair.State.FAILED, "not healthy within %d s".formatted(limit), now);
    }
  }

  private boolean hasCleared(Repair repair) {
    return book.incidents()
        .lock(repair.incident())
        .flatMap(incident -> incident.signal(repair.fingerprint()))
        .filter(signal -> signal.status() == SignalStatus.CLEARED)
        .isPresent();
  }

  private void finish(Repair repair, Repair.State state, String reason, Instant now) {
    transactions.retrying(() -> end(repair, state, reason, now));
  }

  private boolean end(Repair repair, Repair.State state, String reason, Instant now) {
    // Another process may have ended it, or be about to.
    if (repairs.lock(repair.id()).filter(r -> r.endedAt() == null).isEmpty()) {
      return false;
    }
    repairs.end(repair.id(), state, reason, now);
    var ended = repairs.find(repair.id()).orElse(repair);
    book.note(repair.incident(), RepairEntries.ended(ended, now));
    return true;
  }
}
