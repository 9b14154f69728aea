package dev.watchtower.ingest.detection.anomaly;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.Remembered;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.series.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * When something fired on the services that are watched, so that what is learnt from storage after
 * a restart leaves out the same as was left out before. The last {@link #MOST} of each service are
 * known, for longer than is ever learnt from storage. For one thread.
 */
final class Troubles {
  static final int MOST = 16;

  /** The steps that are learnt from storage are 60 hours at most. */
  private static final long KEPT_MILLIS = 72 * 3_600_000L;

  /** What lasts is saved again so often, not with each sample. */
  private static final long SEEN_EVERY_MILLIS = 3_600_000;

  private static final String SINCE = "since";
  private static final String UNTIL = "until";

  private final Map<ServiceKey, List<Trouble>> known = new HashMap<>();

  /** When what lasts on a service was last seen to, by the hour. */
  private final Map<ServiceKey, Long> seen = new HashMap<>();

  /**
   * Takes note of an instant, which comes after the last one.
   *
   * @param fires whether something fires on the service
   */
  void note(ServiceKey key, long at, boolean fires) {
    List<Trouble> troubles = known.getOrDefault(key, List.of());
    Trouble last = troubles.isEmpty() ? null : troubles.getLast();
    if (last == null || !last.isLasting()) {
      if (fires) {
        add(key, new Trouble(at, Trouble.LASTING));
      }
    } else if (!fires) {
      troubles.removeLast();
      // Where a clock was put back, it is over at once.
      add(key, new Trouble(last.since(), Math.max(last.since(), at)));
    }
    if (fires) {
      seen.put(key, at - Math.floorMod(at, SEEN_EVERY_MILLIS));
    } else {
      seen.remove(key);
    }
  }

  private void add(ServiceKey key, Trouble trouble) {
    List<Trouble> troubles = known.computeIfAbsent(key, _ -> new ArrayList<>());
    troubles.add(trouble);
    if (troubles.size() > MOST) {
      troubles.removeFirst();
    }
  }

  /** Those of a service, the oldest first; as they are now. */
  List<Trouble> of(ServiceKey key) {
    return List.copyOf(known.getOrDefault(key, List.of()));
  }

  void forget(ServiceKey key) {
    known.remove(key);
    seen.remove(key);
  }

  /** Goes on where the last life ended. */
  void restore(List<Remembered> remembered) {
    remembered.stream()
        .filter(one -> one.what() == Remembered.What.TROUBLED)
        // What lasts began last, also where the clock was put back in between.
        .sorted(Comparator.comparing(Troubles::lasts).thenComparingLong(Remembered::since))
        .forEach(one -> {
          add(one.key(), new Trouble(one.since(), lasts(one) ? Trouble.LASTING : one.last()));
          if (lasts(one)) {
            seen.put(one.key(), one.last());
          }
        });
  }

  private static boolean lasts(Remembered one) {
    return one.labels().getOrEmpty(UNTIL).isEmpty();
  }

  /**
   * All of them. Those too old to matter are forgotten first: of a service that is gone nobody else
   * says so after a restart.
   *
   * @param now milliseconds since the epoch
   */
  List<Remembered> remembered(long now) {
    known.forEach((key, troubles) ->
        troubles.removeIf(trouble -> now - lastSeen(key, trouble) > KEPT_MILLIS));
    known.values().removeIf(List::isEmpty);
    seen.keySet().retainAll(known.keySet());
    List<Remembered> all = new ArrayList<>();
    known.forEach(
        (key, troubles) -> troubles.forEach(trouble -> all.add(remembered(key, trouble))));
    return all;
  }

  private long lastSeen(ServiceKey key, Trouble trouble) {
    return trouble.isLasting()
        ? Math.max(trouble.since(), seen.getOrDefault(key, trouble.since()))
        : trouble.until();
  }

  private Remembered remembered(ServiceKey key, Trouble trouble) {
    String since = String.valueOf(trouble.since());
    return new Remembered(
        Remembered.What.TROUBLED,
        "",
        key,
        trouble.isLasting()
            ? Labels.of(SINCE, since)
            : Labels.of(SINCE, since, UNTIL, String.valueOf(trouble.until())),
        SignalKind.ANOMALY,
        Severity.SEV4,
        trouble.since(),
        lastSeen(key, trouble));
  }
}
