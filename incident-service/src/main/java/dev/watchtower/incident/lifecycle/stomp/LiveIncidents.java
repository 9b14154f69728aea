package dev.watchtower.incident.lifecycle.stomp;

import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.TimelineEntry;
import dev.watchtower.incident.lifecycle.IncidentChange;
import dev.watchtower.incident.lifecycle.IncidentListener;
import dev.watchtower.incident.lifecycle.IncidentViews;
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

  private final LiveTopics topics;
  private final IncidentViews views;

  /** The newest version published, by incident; the ones silent longest are forgotten. */
  private final Map<UUID, Long> published =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Long> eldest) {
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
    long known = published.getOrDefault(view.id(), -1L);
    if (view.version() > known) {
      published.put(view.id(), view.version());
      topics.publish(ALL, seq -> new IncidentMessage(seq, view));
    }
    if (view.version() >= known || !entries.isEmpty()) {
      topics.publish(ALL + "." + view.id(), seq -> new DetailMessage(seq, view, entries));
    }
  }
}
