package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Rolled;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.series.SeriesStore.LimitExceededException;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads buckets where the samples themselves are no longer kept. Thread-safe. */
final class RolledReader {
  private final ArchiveReads archive;
  private final Runnable check;

  /**
   * @param check called while it reads
   */
  RolledReader(ArchiveReads archive, Runnable check) {
    this.archive = archive;
    this.check = check;
  }

  /**
   * The buckets whose last samples are between two times, both included, by series.
   *
   * @param limit each bucket takes {@link Rolled#SAMPLES} of it, when it is read
   * @throws LimitExceededException if they are too many
   */
  Map<Long, Rollups> read(List<Series> series, long from, long to, Zones zones, ReadLimit limit)
      throws UnavailableException {
    var found = new HashMap<Long, Rollups>();
    if (from < zones.minuteFrom()) {
      read(Tier.HOUR, series, from, Math.min(to, zones.minuteFrom() - 1), limit, found);
    }
    if (to >= zones.minuteFrom()) {
      read(
          Tier.MINUTE,
          series,
          Math.max(from, zones.minuteFrom()),
          Math.min(to, zones.rawFrom() - 1),
          limit,
          found);
    }
    found.replaceAll((id, rollups) -> rollups.merged());
    return found;
  }

  private void read(
      Tier tier, List<Series> series, long from, long to, ReadLimit limit, Map<Long, Rollups> into)
      throws UnavailableException {
    var decoded = new Rollups();
    archive.read(
        tier,
        series,
        from,
        to,
        check,
        (id, chunk) -> {
          decoded.clear();
          RollupCodec.decode(tier, chunk, decoded);
          var target = into.computeIfAbsent(id, key -> new Rollups());
          for (var i = 0; i < decoded.size(); i++) {
            if (decoded.lastTime(i) >= from && decoded.lastTime(i) <= to) {
              limit.take(Rolled.SAMPLES);
              target.add(decoded, i);
            }
          }
        });
  }

  /** Buckets and the samples behind them as one. */
  static Samples joined(@Nullable Rollups rollups, Samples raw) {
    if (rollups == null || rollups.size() == 0) {
      return raw;
    }
    var n = rollups.size();
    var times = new long[n + raw.size()];
    var values = new double[n + raw.size()];
    var rolled = new Rolled(new long[n], new double[n], new double[n], new double[n]);
    for (var i = 0; i < n; i++) {
      times[i] = rollups.lastTime(i);
      values[i] = rollups.last(i);
      rolled.counts()[i] = rollups.count(i);
      rolled.sums()[i] = rollups.sum(i);
      rolled.mins()[i] = rollups.min(i);
      rolled.maxs()[i] = rollups.max(i);
    }
    System.arraycopy(raw.timestamps(), 0, times, n, raw.size());
    System.arraycopy(raw.values(), 0, values, n, raw.size());
    return new Samples(times, values, rolled);
  }
}
