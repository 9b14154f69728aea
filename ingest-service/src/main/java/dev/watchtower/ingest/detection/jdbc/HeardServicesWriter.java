package dev.watchtower.ingest.detection.jdbc;

import dev.watchtower.common.lifecycle.OwnThread;
import dev.watchtower.ingest.golden.LastHeard;
import dev.watchtower.ingest.golden.ObservedService;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves when each service of the registry was last heard, once in a while and at the end: at a
 * start, memory knows only those that sent lately. Who is forgotten is removed, so there are no
 * more than the registry takes.
 */
public final class HeardServicesWriter extends OwnThread {
  private static final Logger LOG = LoggerFactory.getLogger(HeardServicesWriter.class);

  private final HeardServices table;
  private final ServiceRegistry registry;
  private final Duration every;
  private final Map<ServiceKey, LastHeard> saved = new HashMap<>();
  private volatile boolean begun;
  private boolean behind;

  /** Not started yet. */
  public HeardServicesWriter(HeardServices table, ServiceRegistry registry, Duration every) {
    // Ends after detection, and the doors.
    super("services-heard", 100, End.ASKED);
    this.table = table;
    this.registry = registry;
    this.every = every;
  }

  /** What was saved last. Called before {@link #begin}. */
  public List<LastHeard> load() {
    List<LastHeard> all = table.load();
    synchronized (saved) {
      saved.clear();
      all.forEach(one -> saved.put(one.key(), one));
    }
    return all;
  }

  /** The registry knows all of the past: who is not in it is forgotten. */
  public void begin() {
    begun = true;
  }

  @Override
  protected void work() throws InterruptedException {
    while (goesOnAfter(every.toMillis())) {
      save();
    }
    save();
  }

  private void save() {
    if (!begun) {
      return;
    }
    synchronized (saved) {
      List<LastHeard> put = new ArrayList<>();
      Set<ServiceKey> gone = new HashSet<>(saved.keySet());
      for (ObservedService service : registry.all()) {
        LastHeard last = service.lastHeard();
        gone.remove(last.key());
        if (last.arrived() > 0 && !last.equals(saved.get(last.key())) && isStorable(last.key())) {
          put.add(last);
        }
      }
      try {
        if (!put.isEmpty() || !gone.isEmpty()) {
          table.save(put, gone);
          gone.forEach(saved::remove);
          put.forEach(one -> saved.put(one.key(), one));
        }
        behind = false;
      } catch (RuntimeException e) {
        // PostgreSQL is down: the next time has all that is new.
        if (!behind) {
          LOG.atWarn().setCause(e).log("when services were last heard waits for the database");
        }
        behind = true;
      }
    }
  }

  private static boolean isStorable(ServiceKey key) {
    return RuleStates.isStorable(key.service()) && RuleStates.isStorable(key.env());
  }
}
