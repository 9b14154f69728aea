package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.storage.RequestLog.DamagedException;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Function;

/** Brings heads to where they were: series, recent chunks, then the log behind the last sealing. */
final class Recovery {
  private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

  /** Later than anything: no chunk is taken into memory. */
  private static final long NOTHING = Long.MAX_VALUE;

  private final ChunkArchive archive;
  private final RequestLog log;
  private final BodyCodec codec;
  private final StorageSettings settings;
  private final Clock clock;
  private final IngestCounters counters;
  private final long heardThrough;

  /**
   * What was found.
   *
   * @param lastSeries highest number of an archived series
   * @param quarantined rows of series that wait for a repair by hand
   * @param damaged whether the log has to be emptied before it is written to
   * @param unheard samples that were played and that no listener was given
   */
  record Found(
      RequestLog.State state,
      long lastSeries,
      int quarantined,
      Zones zones,
      boolean damaged,
      long unheard) {}

  /**
   * @param heardThrough log position up to which listeners were given everything
   */
  Recovery(
      ChunkArchive archive,
      RequestLog log,
      BodyCodec codec,
      StorageSettings settings,
      Clock clock,
      IngestCounters counters,
      long heardThrough) {
    this.archive = archive;
    this.log = log;
    this.codec = codec;
    this.settings = settings;
    this.clock = clock;
    this.counters = counters;
    this.heardThrough = heardThrough;
  }

  /** Fills an empty index. */
  Found run(HeadIndex index, SeriesTable table, HeadWriter writer) throws UnavailableException {
    var from = System.nanoTime();
    var state = log.open();
    // Once: what ends between two readings of the clock would be in neither memory nor archive.
    var now = clock.millis();
    var recent = recent(now);
    var series =
        archive.loadSeries((id, labels, lastDay) -> {
          var head = index.restore(id, labels, recent);
          head.sealedOn(lastDay);
          return head.series().id();
        });
    series.damage().forEach(this::damaged);
    index.reserve(series.highest());
    var seen = now - settings.memoryWindow().toMillis();
    loadRecent(index, recent == NOTHING ? NOTHING : seen, recent);
    long samples;
    long unheard;
    boolean damaged;
    table.limit(false);
    try (var player = new Player(table, writer::replay)) {
      damaged = log.replay(state.sealedThrough(), player);
      samples = player.finish();
      unheard = player.unheard;
    }
    table.limit(true);
    LOG.log(
        System.Logger.Level.INFO,
        "storage is ready: {0} series, {1} samples replayed, {2} ms",
        index.size(),
        samples,
        (System.nanoTime() - from) / 1_000_000);
    return new Found(
        state,
        series.highest(),
        series.quarantined(),
        Zones.of(archive.droppedThrough()),
        damaged,
        unheard);
  }

  /**
   * From when on chunks are taken into memory: the window, or less of it where a flood left more
   * than there is room for; else no start after it would succeed. Nothing of it where all of the
   * archive is later than the clock, which then goes wrong.
   */
  private long recent(long now) throws UnavailableException {
    var window = settings.memoryWindow().toMillis();
    try {
      for (var attempt = 0; attempt < 4; attempt++, window /= 4) {
        if (archive.recentBytes(now - window) <= settings.memoryBytes()) {
          return now - window;
        }
      }
      if (archive.recentBytes(now) <= settings.memoryBytes()) {
        return now;
      }
    } catch (DamagedException e) {
      // Reading them will meet the damage again, and say so.
      return now - window;
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "more than {0} bytes of chunks are newer than {1}: is the clock of this host right?"
            + " They are read from the archive, not from memory",
        settings.memoryBytes(),
        Instant.ofEpochMilli(now));
    return NOTHING;
  }

  /**
   * Keeps recent chunks in memory; where they cannot be read, queries will ask the archive.
   *
   * @param seen chunks from then on say who was heard last
   * @param recent those from then on are kept
   */
  private void loadRecent(HeadIndex index, long seen, long recent) throws UnavailableException {
    var byId = index.byId();
    try {
      archive.loadChunks(
          seen,
          (id, chunk) -> {
            var head = byId.apply(id);
            if (head != null) {
              head.service().saw(chunk.maxTs(), head.isOwn());
              if (chunk.maxTs() >= recent) {
                head.restore(chunk);
              }
            }
          });
    } catch (DamagedException e) {
      damaged("recent chunks: " + e.getMessage());
      index.forEach(Head::incomplete);
    }
  }

  private void damaged(String what) {
    counters.countDamaged();
    LOG.log(System.Logger.Level.ERROR, "damage on disk is passed over: {0}", what);
  }

  /** Reads entries of the log, and has them put into the heads on another thread meanwhile. */
  private final class Player implements RequestLog.Replay, AutoCloseable {
    private final SeriesTable table;
    private final ReplayApplier applier;
    private long unheard;

    Player(SeriesTable table, Function<SampleBatch, WriteResult> heads) {
      this.table = table;
      this.applier = new ReplayApplier(heads);
    }

    @Override
    public boolean entry(RequestLog.Entry entry) {
      var batch = new SampleBatch(entry.samples());
      try {
        codec.decode(entry.format(), entry.body(), table, batch);
      } catch (IllegalArgumentException e) {
        // It was decoded once before it was logged.
        damaged("request " + entry.position() + " of the log: " + e.getMessage());
        return false;
      }
      if (entry.position() > heardThrough) {
        unheard += batch.size();
      }
      applier.apply(batch);
      return true;
    }

    @Override
    public void damaged(String what) {
      Recovery.this.damaged(what + " of the log");
    }

    long finish() {
      return applier.finish();
    }

    @Override
    public void close() {
      applier.close();
    }
  }
}
