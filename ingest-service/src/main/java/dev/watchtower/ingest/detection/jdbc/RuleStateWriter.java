package dev.watchtower.ingest.detection.jdbc;

import dev.watchtower.common.lifecycle.OwnThread;
import dev.watchtower.ingest.detection.Remembered;
import dev.watchtower.ingest.detection.RememberedChanges;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves what rules remember, a moment after it changed: what differs from what is saved, at once
 * and in one transaction, and only when the signals decided on before it are written, so that a
 * breach which was told is never without both. Only the newest view waits; at most {@link
 * #MAX_SAVED} things are saved, the ones beyond begin anew after a restart and are counted.
 */
public final class RuleStateWriter extends OwnThread {
  /** Things that are saved at most. */
  public static final int MAX_SAVED = 20_000;

  private static final Logger LOG = LoggerFactory.getLogger(RuleStateWriter.class);
  private static final long LOOK_MILLIS = 500;

  /**
   * @param signals how many signals had been decided on
   */
  private record View(List<Remembered> all, long signals) {}

  private final RuleStates states;
  private final SignalWriter signals;
  private final AtomicReference<@Nullable View> newest = new AtomicReference<>();
  private final Map<Remembered.Id, Remembered> saved = new HashMap<>();
  private volatile boolean loaded;
  private volatile int unsaved;
  private boolean behind;

  /** Not started yet. */
  public RuleStateWriter(RuleStates states, SignalWriter signals, MeterRegistry meters) {
    super("rule-states", 100, End.ASKED);
    this.states = states;
    this.signals = signals;
    meters.gauge("watchtower.ingest.rule.states.unsaved", this, w -> w.unsaved);
  }

  /** What was saved last. Called once before anything is offered. */
  public List<Remembered> load() {
    List<Remembered> all = states.load();
    synchronized (saved) {
      saved.clear();
      all.forEach(one -> saved.put(one.id(), one));
    }
    loaded = true;
    return all;
  }

  /** All that is remembered now, by the thread that decides; never waits. */
  public void offer(List<Remembered> all) {
    unsaved = Math.max(0, all.size() - MAX_SAVED);
    newest.set(
        new View(all.size() > MAX_SAVED ? all.subList(0, MAX_SAVED) : all, signals.accepted()));
  }

  @Override
  protected void work() throws InterruptedException {
    while (goesOnAfter(LOOK_MILLIS)) {
      save();
    }
  }

  private void save() {
    View view = newest.get();
    if (!loaded || view == null || signals.settled() < view.signals()) {
      return;
    }
    synchronized (saved) {
      RememberedChanges changes = RememberedChanges.between(saved, view.all());
      try {
        if (!changes.isEmpty()) {
          states.save(changes);
          changes.gone().forEach(saved::remove);
          changes.put().forEach(one -> saved.put(one.id(), one));
        }
        behind = false;
      } catch (RuntimeException e) {
        // PostgreSQL is down: the newest view is tried again in a moment.
        if (!behind) {
          LOG.atWarn().setCause(e).log("what rules remember waits for the database");
        }
        behind = true;
      }
    }
  }
}
