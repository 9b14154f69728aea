package dev.watchtower.incident;

import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.incident.lifecycle.TransitionTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the incidents must look like, kept by a few lines of rules that know nothing of the service:
 * one unresolved incident for each service, the published transitions, and the quiet period.
 */
final class IncidentModel {
  /** After this much quiet a mitigated incident resolves. */
  static final Duration QUIET = Duration.ofMinutes(15);

  /** An incident as it must be. */
  static final class Known {
    final String id;
    final String service;
    final Map<String, Boolean> firing = new LinkedHashMap<>();
    final List<String> notes = new ArrayList<>();
    IncidentState state = IncidentState.OPEN;
    int moves;
    int fired;
    int cleared;
    @Nullable Instant quietSince;

    /** The how manieth it was to be resolved; 0 while it is not. */
    int over;

    /** People regrouped it: what it went through is not counted any more, only checked. */
    boolean regrouped;

    Known(String id, String service) {
      this.id = id;
      this.service = service;
    }

    boolean isFiring() {
      return firing.containsValue(true);
    }

    boolean isOver() {
      return state == IncidentState.RESOLVED;
    }

    private void move(IncidentState to) {
      state = to;
      moves++;
    }

    private void settle(Instant now) {
      boolean quiet = state == IncidentState.MITIGATED && !isFiring();
      quietSince = !quiet ? null : quietSince == null ? now : quietSince;
    }
  }

  /** A signal that fired when a person resolved its incident. */
  record Kept(Known incident, String fingerprint, Instant due) {
    String service() {
      return fingerprint.substring(fingerprint.indexOf('|') + 1);
    }
  }

  /** When it is raised again, if it still fires then. */
  static final Duration GRACE = Duration.ofMinutes(2);

  private final Map<String, Known> all = new LinkedHashMap<>();
  private final Map<String, Boolean> last = new LinkedHashMap<>();
  private final Map<String, Kept> kept = new LinkedHashMap<>();
  private int resolved;

  List<Known> all() {
    return List.copyOf(all.values());
  }

  Optional<Known> find(String id) {
    return Optional.ofNullable(all.get(id));
  }

  /** The unresolved incident that a signal belongs to. */
  Optional<Known> holderOf(String service, String fingerprint) {
    return newest(k -> k.firing.containsKey(fingerprint))
        .or(() -> newest(k -> k.service.equals(service)));
  }

  /** Whether it is not for this model to say where the signal goes. */
  boolean isOpenQuestion(String service, String fingerprint) {
    return newest(k -> k.firing.containsKey(fingerprint))
        .filter(k -> !k.service.equals(service) && !k.firing.get(fingerprint))
        .isPresent();
  }

  private Optional<Known> newest(Predicate<Known> which) {
    return all.values().stream()
        .filter(k -> !k.isOver())
        .filter(which)
        .reduce((first, second) -> second);
  }

  Known opened(String id, String service) {
    var known = new Known(id, service);
    all.put(id, known);
    return known;
  }

  /** A signal was sent, whatever it did. */
  void took(String fingerprint, boolean fires) {
    last.put(fingerprint, fires);
  }

  /** What fires on by {@code now}, in no incident, since a person resolved the last one. */
  List<Kept> raisedBy(Instant now) {
    var due = kept.values().stream().filter(k -> k.due().isBefore(now)).toList();
    due.forEach(k -> kept.remove(k.fingerprint()));
    return due.stream()
        .filter(k -> last.getOrDefault(k.fingerprint(), false))
        .filter(k -> newest(one -> one.firing.containsKey(k.fingerprint())).isEmpty())
        .filter(k ->
            all.values().stream()
                .filter(one -> one.firing.containsKey(k.fingerprint()))
                .allMatch(one -> one.over <= k.incident().over))
        .toList();
  }

  private void over(Known known) {
    if (known.isOver() && known.over == 0) {
      known.over = ++resolved;
    }
  }

  /** A signal fired; whether it is news for the incident. */
  boolean fired(Known known, String fingerprint, Instant now) {
    if (known.firing.getOrDefault(fingerprint, false)) {
      return false;
    }
    known.firing.put(fingerprint, true);
    known.fired++;
    if (known.state == IncidentState.MITIGATED) {
      known.move(IncidentState.INVESTIGATING);
    }
    known.settle(now);
    return true;
  }

  /** A signal cleared; whether it is news for the incident. */
  boolean cleared(Known known, String fingerprint, Instant now) {
    if (!known.firing.getOrDefault(fingerprint, false)) {
      return false;
    }
    known.firing.put(fingerprint, false);
    known.cleared++;
    if (!known.isFiring() && known.state != IncidentState.MITIGATED) {
      known.move(IncidentState.MITIGATED);
    }
    known.settle(now);
    return true;
  }

  /** A person sends an event; whether it is allowed. */
  boolean sent(Known known, IncidentEvent event, Instant now) {
    var next =
        TransitionTable.next(known.state, event).filter(s -> !TransitionTable.isSystemOnly(event));
    next.ifPresent(to -> {
      known.move(to);
      over(known);
      if (event == IncidentEvent.RESOLVE) {
        known.firing.forEach((fingerprint, fires) -> {
          if (fires) {
            kept.put(fingerprint, new Kept(known, fingerprint, now.plus(GRACE)));
          }
        });
      }
      known.settle(now);
    });
    return next.isPresent();
  }

  /** What must have resolved by itself by {@code now}. */
  List<Known> resolvedBy(Instant now) {
    var due =
        all.values().stream()
            .filter(k -> k.quietSince != null && !k.quietSince.plus(QUIET).isAfter(now))
            .toList();
    due.forEach(k -> {
      k.move(IncidentState.RESOLVED);
      over(k);
      k.quietSince = null;
    });
    return due;
  }

  /** People regrouped it: it is as it is. */
  void adopt(Known known, IncidentState state, Map<String, Boolean> firing, Instant now) {
    known.regrouped = true;
    known.firing.clear();
    known.firing.putAll(firing);
    known.state = state;
    over(known);
    known.settle(now);
  }
}
