package dev.watchtower.monitor.statuspage;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Since when each component is what it is, also over a restart. That a component is not measured is
 * no change of it: what it was before counts on until something else is known. Answers from memory;
 * {@link #save} writes. Safe for use by several threads.
 *
 * <p>Bounds: the components of the catalog, and those that left it since the start.
 */
public final class ComponentChanges {
  /** A status and since when. */
  public record Since(ComponentStatus status, Instant at) {}

  /** Where they outlive the process. */
  public interface Store {
    /** All, by the name of the component. */
    Map<String, Since> all();

    /** Keeps one. */
    void save(String component, Since since);

    /** Forgets all but those of these names. */
    void keepOnly(Set<String> components);
  }

  private final Store store;
  private final Map<String, Since> known = new HashMap<>();
  private final Map<String, Since> unsaved = new HashMap<>();

  /** Those that the store has of {@code components}; it forgets the others. */
  public ComponentChanges(Store store, Set<String> components) {
    this.store = store;
    store.keepOnly(components);
    known.putAll(store.all());
  }

  /** Since when {@code component} is what it is, now that it is {@code status}. */
  synchronized Instant of(String component, ComponentStatus status, Instant now) {
    var before = known.get(component);
    if (before != null && (before.status() == status || status == ComponentStatus.UNKNOWN)) {
      return before.at();
    }
    var since = new Since(status, now);
    known.put(component, since);
    if (status != ComponentStatus.UNKNOWN) {
      unsaved.put(component, since);
    }
    return now;
  }

  /** Writes what has changed; what cannot be written now is written the next time. */
  public void save() {
    Map<String, Since> batch;
    synchronized (this) {
      batch = Map.copyOf(unsaved);
    }
    try {
      for (var one : batch.entrySet()) {
        store.save(one.getKey(), one.getValue());
        synchronized (this) {
          unsaved.remove(one.getKey(), one.getValue());
        }
      }
    } catch (RuntimeException storeFailed) {
      // The page goes on from memory; the upkeep of the last known state says what is wrong.
    }
  }
}
