package dev.watchtower.incident.postmortem;

import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.incident.timeline.Outline.Firing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A time in which a signal fired.
 *
 * @param to when it cleared, not before {@code from}; null if it did not
 * @param broken whether it cleared and fired again in between, which nobody wrote down
 */
record Spell(Instant from, @Nullable Instant to, boolean broken) {
  Spell {
    to = to != null && to.isBefore(from) ? from : to;
  }

  /**
   * All those of a signal, at least one.
   *
   * @param firings what the timeline tells of it, in the order in which it was taken: nothing of
   *     what it did in an incident that was merged into this one, or while it flapped
   * @param signal what it has come to, which the timeline need not tell
   */
  static List<Spell> of(List<Firing> firings, IncidentSignal signal) {
    var spells = new ArrayList<Spell>();
    for (var firing : firings) {
      if (!firing.told().isBefore(signal.firedAt())) {
        boolean again = !firing.from().equals(signal.firedAt());
        spells.add(new Spell(firing.from(), signal.clearedAt(), firing.flapped() && again));
        return List.copyOf(spells);
      }
      spells.add(new Spell(firing.from(), firing.to(), firing.flapped()));
      if (firing.flapped() && firing.to() != null && !signal.firedAt().isAfter(firing.to())) {
        // What it fired untold before it was calm is of this spell.
        return List.copyOf(spells);
      }
    }
    if (!spells.isEmpty() && spells.getLast().to() == null) {
      // It flapped: its end was not told, and it has fired anew since.
      spells.add(new Spell(spells.removeLast().from(), signal.clearedAt(), true));
    } else {
      spells.add(new Spell(signal.firedAt(), signal.clearedAt(), false));
    }
    return List.copyOf(spells);
  }
}
