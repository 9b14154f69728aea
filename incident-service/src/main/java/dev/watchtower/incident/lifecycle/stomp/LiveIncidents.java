package dev.watchtower.incident.lifecycle.stomp;

import dev.watchtower.common.lifecycle.Enduring;
import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.TimelineEntry;
import dev.watchtower.incident.lifecycle.IncidentChange;
import dev.watchtower.incident.lifecycle.IncidentListener;
import dev.watchtower.incident.lifecycle.IncidentViews;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Publishes changes after their commit: {@code /topic/incidents} gets the newest version of an
 * incident, never an older one after a newer one; {@code /topic/incidents.{id}} gets the timeline's
 * entries as well. A thread of its own does, so that nobody who changes an incident waits for it;
 * what changes faster than every {@link #GAP} is told together ({@link Conflation}).
 */
public final class LiveIncidents implements IncidentListener, SmartLifecycle {
  /** The shortest time between two messages about one incident. */
  static final Duration GAP = Duration.ofMillis(200);

  private static final Logger LOG = LoggerFactory.getLogger(LiveIncidents.class);
  private static final String ALL = "/topic/incidents";

  /**
   * The message of {@code /topic/incidents}.
   *
   * @param incident {@link Bounded}
   * @param signalCount how many signals it has in all
   */
  public record IncidentMessage(long seq, IncidentView incident, int signalCount) {}

  /**
   * The message of {@code /topic/incidents.{id}}.
   *
   * @param incident {@link Bounded}
   * @param signalCount how many signals it has in all
   * @param entries what was appended, in order, {@link Bounded} too; transactions that overlap can
   *     come in another order than their entries' numbers
   */
  public record DetailMessage(
      long seq, IncidentView incident, int signalCount, List<TimelineEntry> entries) {}

  /** How new what was published is; a resolved incident can be told of without a new version. */
  private record Published(long version, Instant told) implements Comparable<Published> {
    private static final Published NOTHING = new Published(-1, Instant.MIN);

    @Override
    public int compareTo(Published other) {
      int byVersion = Long.compare(version, other.version);
      return byVersion != 0 ? byVersion : told.compareTo(other.told);
    }
  }

  private final LiveTopics topics;
  private final IncidentViews views;
  private final Conflation conflation = new Conflation(GAP);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private @Nullable Thread thread;
  private volatile boolean running;

  /** What was published last, by incident; used by the publishing thread alone. */
  private final Map<UUID, Published> published =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Published> eldest) {
          return size() > Conflation.REMEMBERED;
        }
      };

  /** Publishes on {@code topics}. */
  public LiveIncidents(LiveTopics topics, IncidentViews views) {
    this.topics = topics;
    this.views = views;
  }

  @Override
  public void changed(IncidentChange change) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          private @Nullable IncidentView view;

          // Not at once: what others write in this transaction belongs to it.
          @Override
          public void beforeCommit(boolean readOnly) {
            view = views.within(change.after());
          }

          @Override
          public void afterCommit() {
            if (view != null) {
              offer(view, change.entries());
            }
          }
        });
  }

  private void offer(IncidentView view, List<TimelineEntry> entries) {
    lock.lock();
    try {
      conflation.add(view, entries);
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public synchronized void start() {
    if (!running) {
      running = true;
      thread =
          Thread.ofVirtual()
              .name("live-incidents")
              .start(Enduring.loop("live-incidents", this::run));
    }
  }

  private void run() {
    while (running) {
      try {
        for (var due : awaitDue()) {
          publish(due.incident(), due.entries());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        // One message that cannot be written must not end all others.
        LOG.atWarn().setCause(e).log("a live message was not published");
      }
    }
  }

  @SystemEdge("a pace, not a time of day")
  private List<Conflation.Due> awaitDue() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        var left = conflation.untilNext(System.nanoTime());
        if (left.isEmpty()) {
          news.await();
        } else if (left.getAsLong() > 0) {
          // Whether it was news or the time: what is due shows at the next look.
          boolean unused = news.await(left.getAsLong(), TimeUnit.NANOSECONDS);
        } else {
          return conflation.due(System.nanoTime());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public synchronized void stop() {
    running = false;
    if (thread != null) {
      thread.interrupt();
      thread = null;
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  private void publish(IncidentView whole, List<TimelineEntry> entries) {
    var view = Bounded.of(whole);
    int signalCount = whole.signals().size();
    var fresh = new Published(view.version(), view.lastTold());
    var known = published.getOrDefault(view.id(), Published.NOTHING);
    if (fresh.compareTo(known) > 0) {
      published.put(view.id(), fresh);
      topics.publish(ALL, seq -> new IncidentMessage(seq, view, signalCount));
    }
    if (view.version() >= known.version() || !entries.isEmpty()) {
      var told = Bounded.of(entries);
      topics.publish(ALL + "." + view.id(), seq -> new DetailMessage(seq, view, signalCount, told));
    }
  }
}
