package dev.watchtower.common.catalog;

import dev.watchtower.common.lifecycle.Enduring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The catalog that is in force. The file is looked at once a second; an edit is taken when it has
 * not changed any more for one look, since the first half of a file can be valid too. One that is
 * not valid is refused as a whole and the last good catalog stays. Safe for use by several threads.
 */
public final class CatalogSource implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogSource.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  /**
   * How it stands with the file.
   *
   * @param loadedAt when the catalog in force was read
   * @param faults why the newest edit is refused, one line each; empty when it is in force
   */
  public record State(Instant loadedAt, List<String> faults) {
    public State {
      faults = List.copyOf(faults);
    }

    /** The first three faults: a page has no room for all, and the rest often follows from them. */
    public List<String> firstFaults() {
      return faults.subList(0, Math.min(3, faults.size()));
    }
  }

  private record Stamp(@Nullable FileTime modified, long size) {
    static final Stamp ABSENT = new Stamp(null, -1);

    static Stamp of(Path file) {
      try {
        return new Stamp(Files.getLastModifiedTime(file), Files.size(file));
      } catch (IOException e) {
        return Stamp.ABSENT;
      }
    }
  }

  private final Path file;
  private final CatalogFiles files;
  private final boolean silent;
  private final Clock clock;
  private final List<Consumer<Catalog>> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService watcher =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("catalog-watch").factory());
  private volatile Catalog current;
  private volatile State state;
  private volatile boolean running;
  private Map<Path, Stamp> seen;
  private Map<Path, Stamp> atLastLook;

  /**
   * Reads the file.
   *
   * @throws CatalogException if it cannot be used
   */
  public CatalogSource(Path file, CatalogParser parser, Clock clock) {
    this(file, parser, clock, false);
  }

  /**
   * The same.
   *
   * @param silent whether nobody is to be told of anything, whatever the file says
   */
  CatalogSource(Path file, CatalogParser parser, Clock clock, boolean silent) {
    this.silent = silent;
    this.file = file;
    this.files = new CatalogFiles(file, parser);
    this.clock = clock;
    this.seen = stamps();
    this.atLastLook = seen;
    this.current = read();
    this.state = new State(clock.instant(), List.of());
  }

  /** The catalog in force. */
  public Catalog current() {
    return current;
  }

  /** How it stands with the file. */
  public State state() {
    return state;
  }

  /** How many OpenSLO documents of which kinds are no SLOs and are passed over. */
  Map<String, Integer> passedOver() {
    return files.passedOver();
  }

  /**
   * Has {@code listener} told of each new catalog, on the watching thread, after {@link #current}
   * gives it. It is not called for the catalog that is in force already.
   */
  public void onChange(Consumer<Catalog> listener) {
    listeners.add(listener);
  }

  /** Looks at the file now, and takes it when it has changed and is still; called once a second. */
  synchronized void look() {
    var stamp = stamps();
    boolean still = stamp.equals(atLastLook);
    atLastLook = stamp;
    if (stamp.equals(seen) || !still) {
      return;
    }
    seen = stamp;
    Catalog fresh;
    try {
      fresh = read();
    } catch (CatalogException e) {
      state = new State(state.loadedAt(), e.lines());
      LOG.atError()
          .addKeyValue("faults", e.lines())
          .log("the changed catalog is refused, the last good one stays in force");
      return;
    }
    boolean changed = !fresh.equals(current);
    current = fresh;
    state = new State(clock.instant(), List.of());
    if (changed) {
      LOG.atInfo().addKeyValue("file", file.toString()).log("catalog reloaded");
      listeners.forEach(this::tell);
    }
  }

  private Catalog read() {
    var before = files.passedOver();
    var catalog = files.read();
    if (!files.passedOver().equals(before)) {
      LOG.atInfo()
          .addKeyValue("documents", files.passedOver())
          .log("OpenSLO documents of other kinds than SLO are passed over: they have no effect");
    }
    return silent ? catalog.silenced() : catalog;
  }

  private void tell(Consumer<Catalog> listener) {
    try {
      listener.accept(current);
    } catch (RuntimeException e) {
      // One part that cannot follow the change must not keep the others from it.
      LOG.atError().setCause(e).log("a part of the service could not take the new catalog");
    }
  }

  private Map<Path, Stamp> stamps() {
    var stamps = new HashMap<Path, Stamp>();
    stamps.put(file, Stamp.of(file));
    try {
      files.openSlo().forEach(f -> stamps.put(f, Stamp.of(f)));
    } catch (CatalogException e) {
      // Reading tells of it; here only the change counts.
      stamps.put(Path.of("unreadable"), Stamp.ABSENT);
    }
    return stamps;
  }

  @Override
  public void start() {
    running = true;
    var unused =
        watcher.scheduleWithFixedDelay(
            Enduring.task("catalog-watch", this::look),
            LOOK_EVERY.toMillis(),
            LOOK_EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void stop() {
    running = false;
    watcher.shutdownNow();
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
