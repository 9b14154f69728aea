package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.storage.RequestLog.DamagedException;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a cut the samples whose time the archive has already. A head knows of duplicates
 * only as far back as it is complete; what is older is compared here, so that no sample lies in the
 * archive twice or counts twice in roll-ups. Costs nothing where everything is recent. For one
 * thread.
 */
final class Repeats {
  private static final System.Logger LOG = System.getLogger(Repeats.class.getName());

  /** Chunks that are compared with one look into the archive begin within so much time. */
  private static final long SPAN_MILLIS = 3_600_000L;

  private static final int MAX_SERIES = 512;

  private final ChunkArchive archive;
  private final IngestCounters counters;

  Repeats(ChunkArchive archive, IngestCounters counters) {
    this.archive = archive;
    this.counters = counters;
  }

  /** An item, and which of its samples are in the archive. */
  private static final class Suspect {
    private final Sealing.Item item;
    private final Samples samples;
    private final BitSet there = new BitSet();
    private long others;

    Suspect(Sealing.Item item) {
      this.item = item;
      var all = new SampleCollector();
      item.chunk().read(Long.MIN_VALUE, Long.MAX_VALUE, all);
      samples = all.samples();
    }

    Series series() {
      return item.head().series();
    }

    void compare(SampleCollector archived) {
      for (int i = 0, k = 0; i < samples.size() && k < archived.size(); ) {
        var order = Long.compare(samples.timestamp(i), archived.timestamp(k));
        if (order == 0 && !there.get(i)) {
          there.set(i);
          others += Head.same(samples.value(i), archived.value(k)) ? 0 : 1;
        }
        i += order <= 0 ? 1 : 0;
        k += order >= 0 ? 1 : 0;
      }
    }

    Found found() {
      return new Found(item, rest(), there.cardinality(), others);
    }

    /** What the archive does not have; null for nothing. */
    private @Nullable Chunk rest() {
      if (there.cardinality() == samples.size()) {
        return null;
      }
      var writer = new ChunkWriter();
      for (var i = 0; i < samples.size(); i++) {
        if (!there.get(i)) {
          writer.append(samples.timestamp(i), samples.value(i));
        }
      }
      return writer.chunk();
    }
  }

  /**
   * An item of which the archive has something; no samples one by one, as there may be many items.
   *
   * @param rest what the archive does not have; null for nothing
   * @param repeated how many samples it has
   * @param others of those, with another value
   */
  private record Found(Sealing.Item item, @Nullable Chunk rest, long repeated, long others) {
    Series series() {
      return item.head().series();
    }
  }

  /**
   * The items without what is archived; the heads hold the same afterwards.
   *
   * @throws UnavailableException if the archive does not answer; then nothing is changed that would
   *     be wrong at the next attempt
   */
  List<Sealing.Item> takeOut(List<Sealing.Item> items) throws UnavailableException {
    var old = new ArrayList<Sealing.Item>();
    for (var item : items) {
      if (item.chunk().minTs() < item.head().completeFrom()) {
        old.add(item);
      }
    }
    if (old.isEmpty()) {
      return items;
    }
    // Neighbours share rows of the archive.
    old.sort(
        Comparator.comparingLong(Repeats::span)
            .thenComparingLong(item -> item.head().series().id()));
    var found = new ArrayList<Found>();
    for (var from = 0; from < old.size(); ) {
      var to = from;
      while (to < old.size()
          && to - from < MAX_SERIES
          && span(old.get(to)) == span(old.get(from))) {
        to++;
      }
      look(old.subList(from, to), found);
      from = to;
    }
    return found.isEmpty() ? items : replaced(items, found);
  }

  private static long span(Sealing.Item item) {
    return Math.floorDiv(item.chunk().minTs(), SPAN_MILLIS);
  }

  private void look(List<Sealing.Item> items, List<Found> found) throws UnavailableException {
    var byId = new HashMap<Long, List<Suspect>>();
    var series = new LinkedHashSet<Series>();
    var from = Long.MAX_VALUE;
    var to = Long.MIN_VALUE;
    for (var item : items) {
      var suspect = new Suspect(item);
      byId.computeIfAbsent(suspect.series().id(), id -> new ArrayList<>()).add(suspect);
      series.add(suspect.series());
      from = Math.min(from, item.chunk().minTs());
      to = Math.max(to, Math.min(item.chunk().maxTs(), item.head().completeFrom() - 1));
    }
    var archived = new SampleCollector();
    try {
      archive.read(
          Tier.RAW,
          List.copyOf(series),
          from,
          to,
          (id, chunk) -> {
            for (var suspect : byId.getOrDefault(id, List.of())) {
              var own = suspect.item.chunk();
              if (chunk.overlaps(own.minTs(), own.maxTs())) {
                archived.clear();
                chunk.read(own.minTs(), own.maxTs(), archived);
                suspect.compare(archived);
              }
            }
          });
    } catch (DamagedException e) {
      // What cannot be read cannot be compared; these samples may be the only ones of their time.
      LOG.log(System.Logger.Level.WARNING, "late samples are not compared: " + e.getMessage());
      return;
    }
    byId.values()
        .forEach(suspects ->
            suspects.stream()
                .filter(suspect -> !suspect.there.isEmpty())
                .forEach(suspect -> found.add(suspect.found())));
  }

  private List<Sealing.Item> replaced(List<Sealing.Item> items, List<Found> found) {
    Map<Sealing.Item, Found> byItem = new HashMap<>();
    var all = 0L;
    var others = 0L;
    String example = null;
    for (var one : found) {
      byItem.put(one.item(), one);
      all += one.repeated();
      others += one.others();
      if (one.others() > 0) {
        example = one.series().labels().toString();
      }
    }
    var rest = new ArrayList<Sealing.Item>(items.size());
    for (var item : items) {
      var repeated = byItem.get(item);
      if (repeated == null) {
        rest.add(item);
        continue;
      }
      var chunk = repeated.rest();
      item.head().replace(item.chunk(), chunk);
      if (chunk != null) {
        rest.add(new Sealing.Item(item.head(), chunk));
      }
    }
    counters.countSealedBefore(all - others, others);
    if (others > 0) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} late samples have another value in the archive, which stays; one of {1}",
          others,
          example);
    }
    return rest;
  }
}
