package dev.watchtower.incident.lifecycle.stomp;

import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.TimelineEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Changes of incidents on their way to the live topics: the first of an incident goes out at once,
 * those that follow within {@code gap} go out together, as the newest state with all entries. An
 * incident of many signals is a long message, so its gap is longer: by a hundredth for each. Not
 * thread-safe; time is that of {@link System#nanoTime}.
 *
 * <p>Bounded: of one incident at most {@value #MAX_ENTRIES} entries wait, the newest (a reader sees
 * the gap in their numbers), and of all that were published lately {@value #REMEMBERED} are
 * remembered.
 */
final class Conflation {
  static final int MAX_ENTRIES = 1_000;
  static final int REMEMBERED = 2_000;

  /** What goes out: the newest state, and what was appended, by number. */
  record Due(IncidentView incident, List<TimelineEntry> entries) {}

  private static final class Waiting {
    private IncidentView newest;
    private final List<TimelineEntry> entries = new ArrayList<>();

    Waiting(IncidentView newest) {
      this.newest = newest;
    }
  }

  private final long gap;
  private final Map<UUID, Waiting> waiting = new LinkedHashMap<>();

  /** When each was published last; the ones silent longest are forgotten. */
  private final Map<UUID, Long> published =
      new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Long> eldest) {
          return size() > REMEMBERED;
        }
      };

  Conflation(Duration gap) {
    this.gap = gap.toNanos();
  }

  /** Takes a change. */
  void add(IncidentView incident, List<TimelineEntry> entries) {
    var one = waiting.computeIfAbsent(incident.id(), id -> new Waiting(incident));
    if (incident.isNewerThan(one.newest)) {
      one.newest = incident;
    }
    one.entries.addAll(entries);
    if (one.entries.size() > MAX_ENTRIES) {
      one.entries.sort(Comparator.comparingLong(TimelineEntry::seq));
      one.entries.subList(0, one.entries.size() - MAX_ENTRIES).clear();
    }
  }

  /** Takes out what may go out at {@code now}. */
  List<Due> due(long now) {
    var due = new ArrayList<Due>();
    var all = waiting.entrySet().iterator();
    while (all.hasNext()) {
      var one = all.next();
      if (left(one.getKey(), one.getValue(), now) == 0) {
        all.remove();
        published.put(one.getKey(), now);
        var entries = one.getValue().entries;
        entries.sort(Comparator.comparingLong(TimelineEntry::seq));
        due.add(new Due(one.getValue().newest, List.copyOf(entries)));
      }
    }
    return due;
  }

  /** How long nothing will be due after {@code now}, in nanoseconds; empty if nothing waits. */
  OptionalLong untilNext(long now) {
    return waiting.entrySet().stream()
        .mapToLong(one -> left(one.getKey(), one.getValue(), now))
        .min();
  }

  private long left(UUID incident, Waiting one, long now) {
    var last = published.get(incident);
    long own = gap + gap * one.newest.signals().size() / 100;
    return last == null ? 0 : Math.max(0, own - (now - last));
  }
}
