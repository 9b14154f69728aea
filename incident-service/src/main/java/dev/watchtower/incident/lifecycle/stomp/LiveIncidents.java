package dev.watchtower.incident.lifecycle.stomp;

import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.TimelineEntry;
import dev.watchtower.incident.lifecycle.IncidentChange;
import dev.watchtower.incident.lifecycle.IncidentListener;
import dev.watchtower.incident.lifecycle.IncidentViews;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Publishes changes after their commit: {@code /topic/incidents} gets every new version of an
 * incident, never an older one after a newer one; {@code /topic/incidents.{id}} gets the timeline's
 * entries as well.
 */
public final class LiveIncidents implements IncidentListener {
  private static final String ALL = "/topic/incidents";
  private static final int REMEMBERED = 2_000;

  /** The message of {@code /topic/incidents}. */
  public record IncidentMessage(long seq, IncidentView incident) {}

  /**
   * The message of {@code /topic/incidents.{id}}.
   *
   * @param entries what was appended, in order; transactions that overlap can come in another order
   *     than their entries' numbers
   */
  public record DetailMessage(long seq, IncidentView incident, List<TimelineEntry> entries) {}

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

  /** What was published last, by incident; the ones silent longest are forgotten. */
  private final Map<UUID, Published> published =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Published> eldest) {
          return size() > REMEMBERED;
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
              publish(view, change.entries());
            }
          }
        });
  }

  private synchronized void publish(IncidentView view, List<TimelineEntry> entries) {
    var fresh = new Published(view.version(), view.lastTold());
    var known = published.getOrDefault(view.id(), Published.NOTHING);
    if (fresh.compareTo(known) > 0) {
      published.put(view.id(), fresh);
      topics.publish(ALL, seq -> new IncidentMessage(seq, view));
    }
    if (view.version() >= known.version() || !entries.isEmpty()) {
      topics.publish(ALL + "." + view.id(), seq -> new DetailMessage(seq, view, entries));
    }
  }
}
