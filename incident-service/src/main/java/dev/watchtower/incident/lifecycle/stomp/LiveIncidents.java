package dev.watchtower.incident.lifecycle.stomp;

import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.TimelineEntry;
import dev.watchtower.incident.lifecycle.IncidentChange;
import dev.watchtower.incident.lifecycle.IncidentListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

  /** The newest version published, by incident; the ones silent longest are forgotten. */
  private final Map<UUID, Long> published =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Publishes on {@code topics}. */
  public LiveIncidents(LiveTopics topics) {
    this.topics = topics;
  }

  @Override
  public void changed(IncidentChange change) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            publish(change);
          }
        });
  }

  private synchronized void publish(IncidentChange change) {
    var view = change.after().view();
    long known = published.getOrDefault(view.id(), -1L);
    if (view.version() > known) {
      published.put(view.id(), view.version());
      topics.publish(ALL, seq -> new IncidentMessage(seq, view));
    }
    if (view.version() >= known || !change.entries().isEmpty()) {
      topics.publish(ALL + "." + view.id(), seq -> new DetailMessage(seq, view, change.entries()));
    }
  }
}
