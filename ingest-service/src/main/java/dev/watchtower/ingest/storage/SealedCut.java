package dev.watchtower.ingest.storage;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A cut as it is archived.
 *
 * @param chunks as they were cut, and the roll-ups made of them
 * @param days the day since 1970 of the newest sample, for heads where it is a new one
 */
record SealedCut(Map<Tier, List<ChunkArchive.Sealed>> chunks, Map<Head, Integer> days) {
  private static final long DAY_MILLIS = 86_400_000L;

  /** Makes the roll-ups; the items of a series stand together. */
  static SealedCut of(List<Sealing.Item> items) {
    var chunks = new EnumMap<Tier, List<ChunkArchive.Sealed>>(Tier.class);
    var raw = new ArrayList<ChunkArchive.Sealed>();
    chunks.put(Tier.RAW, raw);
    var days = new HashMap<Head, Integer>();
    var samples = new SampleCollector();
    var columns = new ColumnChunk();
    var id = new long[1];
    var builders = new ArrayList<RollupBuilder>();
    for (var tier : List.of(Tier.MINUTE, Tier.HOUR)) {
      var rolled = new ArrayList<ChunkArchive.Sealed>();
      chunks.put(tier, rolled);
      builders.add(
          new RollupBuilder(tier, chunk -> rolled.add(new ChunkArchive.Sealed(id[0], chunk))));
    }
    for (var from = 0; from < items.size(); ) {
      var head = items.get(from).head();
      id[0] = head.series().id();
      var day = 0;
      for (; from < items.size() && items.get(from).head() == head; from++) {
        var chunk = items.get(from).chunk();
        samples.clear();
        chunk.read(Long.MIN_VALUE, Long.MAX_VALUE, samples);
        var inColumns = columns.encode(samples);
        raw.add(new ChunkArchive.Sealed(id[0], inColumns == null ? chunk : inColumns));
        builders.forEach(builder -> builder.add(samples));
        day = Math.max(day, (int) Math.floorDiv(chunk.maxTs(), DAY_MILLIS));
      }
      builders.forEach(RollupBuilder::end);
      if (head.lastDay() < day) {
        days.put(head, day);
      }
    }
    return new SealedCut(chunks, days);
  }

  /** The series that were seen on a new day, by that day. */
  Map<Integer, List<Long>> seen() {
    var seen = new HashMap<Integer, List<Long>>();
    days.forEach(
        (head, day) -> seen.computeIfAbsent(day, key -> new ArrayList<>()).add(head.series().id()));
    return seen;
  }

  /** It is in the archive: the heads take note of the days. */
  void confirm() {
    days.forEach(Head::sealedOn);
  }
}
