package dev.watchtower.incident.lifecycle.stomp;

import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.SignalBounds;
import dev.watchtower.common.wire.TimelineEntry;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What goes out live of an incident that gathered many signals, or long ones. Readers take messages
 * of up to 1 MiB and lose the connection at a longer one, with every change of the incident anew;
 * all of it is told by {@code GET /api/v1/incidents/{id}}. Pure; thread-safe.
 */
final class Bounded {
  static final int MOST_SIGNALS = 100;

  /** Characters of all signals together that go out as they are. */
  static final int SIGNAL_TEXT = 100_000;

  /** Characters of all entries together; the newest goes out in any case. */
  static final int ENTRY_TEXT = 100_000;

  /** Longest summary and expression where something has to be left out, in characters. */
  static final int TEXT = 200;

  /** Names of fields, times and numbers of one signal or entry, in characters. */
  private static final int FRAME = 400;

  private Bounded() {}

  /**
   * The incident, if it is small; or one with at most {@value #MOST_SIGNALS} signals without
   * labels, their texts cut: of each service the first that fires, then others that fire, the first
   * to fire first, then what has cleared. It is told to be partial.
   */
  static IncidentView of(IncidentView incident) {
    var signals = incident.signals();
    if (signals.size() <= MOST_SIGNALS
        && signals.stream().mapToLong(Bounded::length).sum() <= SIGNAL_TEXT) {
      return incident;
    }
    return incident.inPart(
        fewest(signals).stream().limit(MOST_SIGNALS).map(Bounded::brief).toList());
  }

  // Pages of services and the status page go by the services of the signals.
  private static Set<IncidentSignal> fewest(List<IncidentSignal> signals) {
    var inOrder = signals.stream().sorted(IncidentSignal.FIRST_THAT_FIRES).toList();
    var services = new HashSet<String>();
    var chosen = new LinkedHashSet<IncidentSignal>();
    inOrder.stream().filter(s -> services.add(s.service())).forEach(chosen::add);
    chosen.addAll(inOrder);
    return chosen;
  }

  private static long length(IncidentSignal signal) {
    long length = FRAME;
    length += signal.fingerprint().length();
    length += signal.rule().length();
    length += signal.service().length();
    length += signal.summary().length();
    var evidence = signal.evidence();
    if (evidence != null) {
      length += evidence.expression().length();
      for (var label : evidence.labels().entrySet()) {
        length += label.getKey().length();
        length += label.getValue().length();
      }
    }
    return length;
  }

  private static IncidentSignal brief(IncidentSignal signal) {
    return signal.inBrief(
        SignalBounds.cut(signal.summary(), TEXT), text -> SignalBounds.cut(text, TEXT));
  }

  /** Of {@code entries}, in order, the newest; a reader sees the gap in their numbers. */
  static List<TimelineEntry> of(List<TimelineEntry> entries) {
    int from = entries.size();
    long length = 0;
    while (from > 0) {
      var entry = entries.get(from - 1);
      length += FRAME;
      length += entry.summary().length();
      length += entry.data().toString().length();
      if (length > ENTRY_TEXT && from < entries.size()) {
        break;
      }
      from--;
    }
    return entries.subList(from, entries.size());
  }
}
