package dev.watchtower.chaos.run;

import dev.watchtower.common.wire.RunView.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the faults of the active runs: asks the targets every {@link RunPolicy#RENEW} to hold on or
 * to let go. The runs in progress are kept in memory too, so that stopping works while the database
 * is down; a run whose state cannot be kept is ended. Safe for use by several threads; calls to one
 * run's target never overlap.
 */
public final class RunEngine {
  private static final Logger LOG = LoggerFactory.getLogger(RunEngine.class);

  private final Runs runs;
  private final Function<Run, Holder> holders;
  private final Consumer<Run> changed;
  private final LongSupplier nanos;

  /** Guards itself, {@code beginning} and {@code recovered}; never held while anybody is asked. */
  private final Map<UUID, Slot> active = new HashMap<>();

  /** Runs that are being kept for the first time. */
  private final Set<UUID> beginning = new HashSet<>();

  private boolean recovered;

  /** A run in progress. The slot's monitor is held while its target is asked. */
  private static final class Slot {
    private Run run;

    /** Written by whoever wants the run to end, read at the next step. */
    private volatile @Nullable String endWish;

    /** The newest state did not reach the database. */
    private boolean unsaved;

    private Instant time;
    private long timeNanos;

    Slot(Run run, Instant now, long nanos) {
      this.run = run;
      this.time = now;
      this.timeNanos = nanos;
    }

    /**
     * The time of this run: by the clock, and at least as much later than the last as has passed. A
     * clock that is put back must not make a fault last longer.
     */
    private Instant time(Instant now, long nanos) {
      var passed = time.plusNanos(nanos - timeNanos);
      time = now.isAfter(passed) ? now : passed;
      timeNanos = nanos;
      return time;
    }
  }

  /**
   * An engine.
   *
   * @param holders the holder for a run's kind and target
   * @param changed told of every change that was kept
   * @param nanos a clock for elapsed time
   */
  public RunEngine(
      Runs runs, Function<Run, Holder> holders, Consumer<Run> changed, LongSupplier nanos) {
    this.nanos = nanos;
    this.runs = runs;
    this.holders = holders;
    this.changed = changed;
  }

  /**
   * Begins a run; its fault is put in place by the next {@link #step}.
   *
   * @return false if another run on the same target is active
   */
  public boolean begin(Run run) {
    synchronized (active) {
      beginning.add(run.id());
    }
    boolean added = false;
    // It may have been kept although nobody said so; then the next recovery ends it, or its target
    // would be taken for good.
    boolean certain = false;
    try {
      added = runs.add(run);
      certain = true;
    } finally {
      synchronized (active) {
        beginning.remove(run.id());
        recovered &= certain;
        if (added) {
          active.put(run.id(), new Slot(run, run.startedAt(), nanos.getAsLong()));
        }
      }
    }
    if (added) {
      changed.accept(run);
    }
    return added;
  }

  /**
   * Asks for the end of a run; true if it is in progress here. The next {@link #step} lets go of
   * the fault.
   */
  public boolean end(UUID id, String reason) {
    Slot slot;
    synchronized (active) {
      slot = active.get(id);
    }
    if (slot == null) {
      return false;
    }
    slot.endWish = reason;
    return true;
  }

  /** Asks for the end of all runs; their ids. */
  public List<UUID> endAll(String reason) {
    List<UUID> ids;
    synchronized (active) {
      ids = List.copyOf(active.keySet());
    }
    ids.forEach(id -> end(id, reason));
    return ids;
  }

  /** The runs in progress, as they are in memory. */
  public List<Run> inProgress() {
    List<Slot> slots;
    synchronized (active) {
      slots = List.copyOf(active.values());
    }
    return slots.stream().map(s -> s.run).toList();
  }

  /**
   * Takes over the runs that were active when the service stopped: they are ended, not resumed,
   * because their leases have run out and nobody watched them. Does nothing after it has succeeded,
   * until a run was perhaps kept without being known. Waits for the database, and holds up nothing
   * else meanwhile; one thread at a time.
   */
  public void recover(Instant now) {
    synchronized (active) {
      if (recovered) {
        return;
      }
      // Before the runs are read: one that is perhaps kept while they are is looked for again.
      recovered = true;
    }
    boolean done = false;
    try {
      takeOverAll("nobody held it: chaos-service was restarted, or lost its database", now);
      done = true;
    } finally {
      synchronized (active) {
        recovered &= done;
      }
    }
  }

  private boolean isKnown(UUID id) {
    synchronized (active) {
      return active.containsKey(id) || beginning.contains(id);
    }
  }

  /**
   * Takes over all runs that are kept as active and not in progress here, to end them: another
   * chaos-service on the same database may hold them, whose next renewal their targets refuse.
   * Waits for the database.
   */
  public void takeOverAll(String reason, Instant now) {
    for (var run : runs.active()) {
      var unused = takeOver(run.id(), reason, now);
    }
  }

  /** The same for one run; false if it is over, or in progress here. */
  public boolean takeOver(UUID id, String reason, Instant now) {
    if (isKnown(id)) {
      return false;
    }
    // Read after that: one that was in progress here and is not any more was kept as ended first.
    var orphan = runs.find(id).filter(Run::isActive);
    orphan.ifPresent(run -> {
      var slot = new Slot(run.ending(now, reason), now, nanos.getAsLong());
      synchronized (active) {
        active.putIfAbsent(id, slot);
      }
    });
    return orphan.isPresent();
  }

  /**
   * Moves a run one step on. Called every {@link RunPolicy#RENEW} by one thread per run at most.
   *
   * @param clock what the clock says
   */
  public void step(UUID id, Instant clock) {
    Slot slot;
    synchronized (active) {
      slot = active.get(id);
    }
    if (slot == null) {
      return;
    }
    synchronized (slot) {
      var now = slot.time(clock, nanos.getAsLong());
      var before = slot.run;
      var wish = slot.endWish;
      if (wish != null && before.isActive() && before.state() != State.STOPPING) {
        slot.run = before.ending(now, wish);
      }
      var holder = holders.apply(slot.run);
      slot.run =
          switch (RunPolicy.next(slot.run, now)) {
            case HOLD -> held(slot.run, holder, now);
            case RELEASE -> RunPolicy.released(slot.run, holder.release(slot.run), now);
            case NOTHING -> slot.run;
          };
      if (slot.unsaved || isWorthKeeping(before, slot.run)) {
        keep(slot, now);
      }
      if (!slot.run.isActive() && !slot.unsaved) {
        synchronized (active) {
          active.remove(id);
        }
      }
    }
  }

  private static Run held(Run run, Holder holder, Instant now) {
    var next = RunPolicy.held(run, holder.hold(run, RunPolicy.TTL), now);
    if (next.state() == State.FAILED) {
      // Only its answers may have been lost: the fault need not stay until its lease runs out.
      var unused = holder.release(run);
    }
    return next;
  }

  /** The ids of the runs in progress. */
  public List<UUID> ids() {
    synchronized (active) {
      return new ArrayList<>(active.keySet());
    }
  }

  private void keep(Slot slot, Instant now) {
    try {
      runs.update(slot.run);
      slot.unsaved = false;
      changed.accept(slot.run);
    } catch (RuntimeException e) {
      // The fault must not outlast what we can account for: let go, and keep the state as soon as
      // that works.
      if (!slot.unsaved) {
        LOG.atWarn().addKeyValue("run", slot.run.id()).setCause(e).log("a run cannot be kept");
      }
      slot.unsaved = true;
      if (slot.run.isActive() && slot.endWish == null) {
        slot.endWish = "chaos-service cannot keep its records (database down)";
        slot.run = slot.run.logged(now, "the state could not be kept");
      }
    }
  }

  /** A mere renewal is not worth a write. */
  private static boolean isWorthKeeping(Run before, Run after) {
    return before.state() != after.state() || before.log().size() != after.log().size();
  }
}
