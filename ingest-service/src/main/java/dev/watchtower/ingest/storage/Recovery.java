package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.time.Clock;

/** Brings heads to where they were: series, recent chunks, then the log behind the last sealing. */
final class Recovery {
  private static final System.Logger LOG = System.getLogger(Recovery.class.getName());

  private final ChunkArchive archive;
  private final RequestLog log;
  private final BodyCodec codec;
  private final StorageSettings settings;
  private final Clock clock;

  /**
   * What was found.
   *
   * @param lastSeries highest number of an archived series
   */
  record Found(RequestLog.State state, long lastSeries, Zones zones) {}

  Recovery(
      ChunkArchive archive,
      RequestLog log,
      BodyCodec codec,
      StorageSettings settings,
      Clock clock) {
    this.archive = archive;
    this.log = log;
    this.codec = codec;
    this.settings = settings;
    this.clock = clock;
  }

  /** Fills an empty index. */
  Found run(HeadIndex index, SeriesTable table, HeadWriter writer) throws UnavailableException {
    var from = System.nanoTime();
    var state = log.open();
    var recent = clock.millis() - settings.memoryWindow().toMillis();
    var lastSeries = new long[1];
    archive.loadSeries((id, labels, lastDay) -> {
      index.restore(id, labels, recent).sealedOn(lastDay);
      lastSeries[0] = Math.max(lastSeries[0], id);
    });
    var byId = index.byId();
    archive.loadChunks(
        recent,
        (id, chunk) -> {
          var head = byId.apply(id);
          if (head != null) {
            head.restore(chunk);
            head.service().saw(chunk.maxTs());
          }
        });
    var samples = new long[1];
    table.limit(false);
    log.replay(state.sealedThrough(), entry -> samples[0] += replay(entry, table, writer));
    table.limit(true);
    LOG.log(
        System.Logger.Level.INFO,
        "storage is ready: {0} series, {1} samples replayed, {2} ms",
        index.size(),
        samples[0],
        (System.nanoTime() - from) / 1_000_000);
    return new Found(state, lastSeries[0], Zones.of(archive.droppedThrough()));
  }

  private long replay(RequestLog.Entry entry, SeriesTable table, HeadWriter writer) {
    var batch = new SampleBatch(entry.samples());
    try {
      codec.decode(entry.format(), entry.body(), table, batch);
    } catch (IllegalArgumentException e) {
      // It was decoded once before it was logged: this is a fault of ours or of the disk.
      LOG.log(System.Logger.Level.ERROR, "log entry " + entry.position() + " cannot be read", e);
      return 0;
    }
    return writer.apply(batch).stored();
  }
}
