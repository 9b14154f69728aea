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
 * known. For one thread.
 */
final class Troubles {
  static final int MOST = 16;

  private static final String SINCE = "since";
  private static final String UNTIL = "until";

  private final Map<ServiceKey, List<Trouble>> known = new HashMap<>();

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
  }

  /** Goes on where the last life ended. */
  void restore(List<Remembered> remembered) {
    remembered.stream()
        .filter(one -> one.what() == Remembered.What.TROUBLED)
        // What lasts began last, also where the clock was put back in between.
        .sorted(Comparator.comparing(Troubles::lasts).thenComparingLong(Remembered::since))
        .forEach(
            one ->
                add(one.key(), new Trouble(one.since(), lasts(one) ? Trouble.LASTING : one.last())));
  }

  private static boolean lasts(Remembered one) {
    return one.labels().getOrEmpty(UNTIL).isEmpty();
  }

  /** All of them. */
  List<Remembered> remembered() {
    List<Remembered> all = new ArrayList<>();
    known.forEach(
        (key, troubles) -> troubles.forEach(trouble -> all.add(remembered(key, trouble))));
    return all;
  }

  private static Remembered remembered(ServiceKey key, Trouble trouble) {
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
        trouble.isLasting() ? trouble.since() : trouble.until());
  }
}
