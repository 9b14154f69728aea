package dev.watchtower.ingest.detection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has to be written so that what is saved is what is remembered now. That something goes on is
 * written once in {@link #REFRESH} only. Pure.
 *
 * @param put what is new or another
 * @param gone what is saved and over
 */
public record RememberedChanges(List<Remembered> put, List<Remembered.Id> gone) {
  /** So much older the saved time may be at which a breach was last seen. */
  public static final Duration REFRESH = Duration.ofMinutes(1);

  public RememberedChanges {
    put = List.copyOf(put);
    gone = List.copyOf(gone);
  }

  /** The changes from what is saved to what is remembered now. */
  public static RememberedChanges between(
      Map<Remembered.Id, Remembered> saved, Collection<Remembered> now) {
    List<Remembered> put = new ArrayList<>();
    Set<Remembered.Id> ids = new HashSet<>();
    for (Remembered one : now) {
      Remembered.Id id = one.id();
      Remembered old = saved.get(id);
      ids.add(id);
      if (old == null || old.since() != one.since() || isBehind(old, one)) {
        put.add(one);
      }
    }
    return new RememberedChanges(
        put, saved.keySet().stream().filter(id -> !ids.contains(id)).toList());
  }

  private static boolean isBehind(Remembered old, Remembered now) {
    return now.last() - old.last() >= REFRESH.toMillis()
        || now.severity() != old.severity()
        || now.kind() != old.kind();
  }

  /** Whether there is nothing to write. */
  public boolean isEmpty() {
    return put.isEmpty() && gone.isEmpty();
  }
}
