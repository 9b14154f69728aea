package dev.watchtower.ingest.detection.anomaly;

import dev.watchtower.ingest.golden.ServiceKey;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Keeps models beyond a restart: hands them over to be saved, those of one service a second at most
 * and of each service now and then, and finds what was saved. The thread of detection calls all but
 * {@link #find}, which is for one thread that learns, {@link #next}, for the one that saves, and
 * the counts.
 *
 * <p>At most {@link #MOST_WAITING} services wait to be saved, each as it is newest. When there are
 * more, because the database is slow, no others are handed over: their turn comes later. What could
 * not be saved is lost until the service's next turn.
 */
public final class ModelKeeper {
  /** Services that wait to be saved at most: of 16 golden signals each they are 5 MB. */
  static final int MOST_WAITING = 8;

  /** A service is learnt without what was saved of it when the database has failed so often. */
  static final int ATTEMPTS = 3;

  /** As far ahead as samples may be. */
  private static final long AHEAD_MILLIS = 10 * 60_000;

  private static final System.Logger LOG = System.getLogger(ModelKeeper.class.getName());

  /**
   * @param millis when it was handed over last, or known first, by the clock
   * @param step the last step then
   */
  private record Kept(long millis, long step) {}

  /** A service whose models are to be handed over. */
  private record Due(ServiceKey key, WatchedService service) {
    WaitingModel model() {
      return new WaitingModel(key, service.lastStep() * service.step(), ModelBytes.write(service));
    }
  }

  private final SavedModels saved;
  private final long everyMillis;
  private final Map<ServiceKey, Kept> kept = new HashMap<>();
  private final Map<ServiceKey, Integer> failures = new ConcurrentHashMap<>();
  private final SequencedMap<ServiceKey, WaitingModel> waiting = new LinkedHashMap<>();
  private final Queue<Due> rest = new ArrayDeque<>();
  private final Set<ServiceKey> told = ConcurrentHashMap.newKeySet();
  private final LongAdder unusable = new LongAdder();

  /**
   * Keeps models in {@code saved}.
   *
   * @param everyMillis how long a service's turn is away from its last one
   */
  public ModelKeeper(SavedModels saved, long everyMillis) {
    this.saved = saved;
    this.everyMillis = everyMillis;
  }

  /**
   * The models of a service as they were saved; empty where there are none that can be used.
   *
   * @param windowMillis the window of the service's rates now
   * @param at event time now, milliseconds since the epoch
   * @throws RuntimeException if the database does not answer: to be asked again later
   */
  Optional<WatchedService> find(ServiceKey key, long windowMillis, long at) {
    Optional<byte[]> packed = load(key);
    if (packed.isEmpty()) {
      return Optional.empty();
    }
    try {
      WatchedService service =
          ModelBytes.read(ModelBytes.unpack(packed.orElseThrow()), windowMillis);
      if (service.lastStep() > (at + AHEAD_MILLIS) / service.step()) {
        // A clock was wrong. All that comes would be late until it is right.
        throw new UnreadableModelException("its last step is in the future");
      }
      return Optional.of(service);
    } catch (UnreadableModelException e) {
      tell(key, String.valueOf(e.getMessage()), null);
      return Optional.empty();
    }
  }

  private Optional<byte[]> load(ServiceKey key) {
    try {
      Optional<byte[]> packed = saved.load(key);
      failures.remove(key);
      return packed;
    } catch (RuntimeException e) {
      if (failures.merge(key, 1, Integer::sum) < ATTEMPTS) {
        throw e;
      }
      // A table that is damaged must not keep the service from being watched.
      tell(key, "it cannot be read", e);
      return Optional.empty();
    }
  }

  /** Once, however often it is asked for until storage answers. */
  private void tell(ServiceKey key, String why, @Nullable Throwable cause) {
    if (told.add(key)) {
      unusable.increment();
      LOG.log(
          System.Logger.Level.WARNING,
          "what was saved of " + key + " cannot be used, it is learnt anew: " + why,
          cause);
    }
  }

  /**
   * Hands over the models of the service whose turn it is, if any.
   *
   * @param now by the clock, milliseconds since the epoch
   */
  void keepNext(Map<ServiceKey, WatchedService> services, long now) {
    Due due = null;
    long longest = everyMillis;
    for (Map.Entry<ServiceKey, WatchedService> entry : services.entrySet()) {
      // What was learnt from storage can be learnt from there again: the first turn can wait.
      Kept last = kept.computeIfAbsent(entry.getKey(), _ -> new Kept(now, Long.MIN_VALUE));
      // A clock that is put back must not keep anything from being saved.
      long ago = Math.abs(now - last.millis());
      if (ago >= longest && isChanged(entry.getValue(), last)) {
        longest = ago;
        due = new Due(entry.getKey(), entry.getValue());
      }
    }
    if (due != null && hasRoom()) {
      put(due.model());
      told.remove(due.key());
      kept.put(due.key(), new Kept(now, due.service().lastStep()));
    }
  }

  /**
   * The end of detection: whatever has changed since its last turn is handed over as it is asked
   * for. The services belong to the thread that saves from now on.
   */
  void end(Map<ServiceKey, WatchedService> services) {
    synchronized (waiting) {
      services.entrySet().stream()
          .filter(entry -> isChanged(entry.getValue(), keptOf(entry.getKey())))
          .sorted(Comparator.comparingLong(entry -> keptOf(entry.getKey()).millis()))
          .forEach(entry -> rest.add(new Due(entry.getKey(), entry.getValue())));
    }
  }

  /** The next to be saved; empty when there is nothing to do. */
  public Optional<WaitingModel> next() {
    synchronized (waiting) {
      if (!waiting.isEmpty()) {
        return Optional.of(waiting.pollFirstEntry().getValue());
      }
      Due last = rest.poll();
      return last == null ? Optional.empty() : Optional.of(last.model());
    }
  }

  /** A service that is not watched any more; what was saved of it is for when it comes back. */
  void forget(ServiceKey key) {
    kept.remove(key);
    failures.remove(key);
    told.remove(key);
  }

  /** How often what was saved of a service could not be used. */
  public long unusable() {
    return unusable.sum();
  }

  private Kept keptOf(ServiceKey key) {
    return kept.getOrDefault(key, new Kept(Long.MIN_VALUE, Long.MIN_VALUE));
  }

  /**
   * Whether it is to be saved. One whose window is another is about to be learnt anew, and of what
   * is learnt in a trouble nothing stays: after a restart it is learnt again from storage.
   */
  private static boolean isChanged(WatchedService service, Kept last) {
    return service.isFit() && !service.isForgetful() && service.lastStep() != last.step();
  }

  private boolean hasRoom() {
    synchronized (waiting) {
      return waiting.size() < MOST_WAITING;
    }
  }

  private void put(WaitingModel model) {
    synchronized (waiting) {
      waiting.put(model.key(), model);
    }
  }
}
