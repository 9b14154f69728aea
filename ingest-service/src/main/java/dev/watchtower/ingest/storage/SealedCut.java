package dev.watchtower.ingest.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** A cut as it is archived: encoded, and rolled up, a part at a time while it is written. */
final class SealedCut implements ChunkArchive.Cut {
  private static final long DAY_MILLIS = 86_400_000L;

  /** Samples of a part, about: little memory, and few rows that are written for their own sake. */
  private static final long PART_SAMPLES = 250_000;

  private final List<Sealing.Item> items;

  /** The day since 1970 of the newest sample, for heads where it is a new one. */
  private final Map<Head, Integer> days = new HashMap<>();

  /**
   * Takes what was cut.
   *
   * @param cut the items of a series stand together
   */
  SealedCut(List<Sealing.Item> cut) {
    items = new ArrayList<>(cut);
    // Series that share a row stand together; stable, so that each one's chunks stay in order.
    items.sort(Comparator.comparingLong(item -> item.head().series().id()));
    for (var item : items) {
      var day = (int) Math.floorDiv(item.chunk().maxTs(), DAY_MILLIS);
      if (item.head().lastDay() < day) {
        days.merge(item.head(), day, Math::max);
      }
    }
  }

  /** A bucket begins before its samples and ends after them. */
  @Override
  public Set<Long> partitions(Tier tier) {
    var numbers = new HashSet<Long>();
    for (var item : items) {
      var chunk = item.chunk();
      var first = chunk.minTs() - tier.resolutionMillis();
      var last = chunk.maxTs() + tier.resolutionMillis();
      numbers.add(Math.floorDiv(first, tier.partitionMillis()));
      numbers.add(Math.floorDiv(last, tier.partitionMillis()));
    }
    return numbers;
  }

  @Override
  public Map<Integer, List<Long>> seen() {
    var seen = new HashMap<Integer, List<Long>>();
    days.forEach(
        (head, day) -> seen.computeIfAbsent(day, key -> new ArrayList<>()).add(head.series().id()));
    return seen;
  }

  /** It is in the archive: the heads take note of the days. */
  void confirm() {
    days.forEach(Head::sealedOn);
  }

  @Override
  public Iterator<Map<Tier, List<ChunkArchive.Sealed>>> parts() {
    return new Parts();
  }

  private final class Parts implements Iterator<Map<Tier, List<ChunkArchive.Sealed>>> {
    private final SampleCollector samples = new SampleCollector();
    private final ColumnChunk columns = new ColumnChunk();
    private final List<RollupBuilder> builders = List.of(builder(Tier.MINUTE), builder(Tier.HOUR));
    private Map<Tier, List<ChunkArchive.Sealed>> part = Map.of();
    private long series;
    private int next;

    @Override
    public boolean hasNext() {
      return next < items.size();
    }

    @Override
    public Map<Tier, List<ChunkArchive.Sealed>> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      part = new EnumMap<Tier, List<ChunkArchive.Sealed>>(Tier.class);
      for (var tier : Tier.values()) {
        part.put(tier, new ArrayList<>());
      }
      var left = PART_SAMPLES;
      var block = 0L;
      // A row is not torn apart.
      while (hasNext() && (left > 0 || Blocks.number(id(next)) == block)) {
        block = Blocks.number(id(next));
        left -= addSeries();
      }
      return part;
    }

    /** What it hands out is of the series in hand. */
    private RollupBuilder builder(Tier tier) {
      return new RollupBuilder(tier, chunk -> add(tier, chunk));
    }

    private long addSeries() {
      series = id(next);
      var added = 0L;
      for (; hasNext() && id(next) == series; next++) {
        var chunk = items.get(next).chunk();
        samples.clear();
        chunk.read(Long.MIN_VALUE, Long.MAX_VALUE, samples);
        var inColumns = columns.encode(samples);
        add(Tier.RAW, inColumns == null ? chunk : inColumns);
        builders.forEach(builder -> builder.add(samples));
        added += chunk.samples();
      }
      builders.forEach(RollupBuilder::end);
      return added;
    }

    private long id(int item) {
      return items.get(item).head().series().id();
    }

    private void add(Tier tier, Chunk chunk) {
      var chunks = part.get(tier);
      if (chunks != null) {
        chunks.add(new ChunkArchive.Sealed(series, chunk));
      }
    }
  }
}
