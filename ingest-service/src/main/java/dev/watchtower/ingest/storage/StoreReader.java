package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.series.SeriesStore;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Reads from memory, and from the archive what is not there. Thread-safe. */
final class StoreReader implements SeriesStore {
  private final Supplier<HeadIndex> index;
  private final Supplier<Zones> zones;
  private final ArchiveReads archive;
  private final RolledReader rolled;
  private final Runnable check;

  StoreReader(Supplier<HeadIndex> index, Supplier<Zones> zones, ChunkArchive archive) {
    this(index, zones, new ArchiveReads(archive::read), ArchiveReads.NONE);
  }

  private StoreReader(
      Supplier<HeadIndex> index, Supplier<Zones> zones, ArchiveReads archive, Runnable check) {
    this.index = index;
    this.zones = zones;
    this.archive = archive;
    this.rolled = new RolledReader(archive, check);
    this.check = check;
  }

  @Override
  public SeriesStore checked(Runnable byQuery) {
    return new StoreReader(index, zones, archive, byQuery);
  }

  @Override
  public List<Series> first(List<Matcher> matchers, Instant from, Instant to, int most) {
    var found = new ArrayList<Series>();
    select(
        matchers,
        from,
        to,
        series -> {
          if (found.size() < most) {
            found.add(series);
          }
        });
    return List.copyOf(found);
  }

  private void select(List<Matcher> matchers, Instant from, Instant to, Consumer<Series> target) {
    var fromMillis = millis(from);
    var toMillis = millis(to);
    if (fromMillis > toMillis) {
      // As Prometheus: in no time there is nothing.
      return;
    }
    index
        .get()
        .select(
            matchers,
            check,
            head -> {
              if (head.mayHave(fromMillis, toMillis)) {
                target.accept(head.series());
              }
            });
  }

  @Override
  public List<Series> select(List<Matcher> matchers, Instant from, Instant to, int limit) {
    var found = new ArrayList<Series>();
    select(matchers, from, to, found::add);
    if (found.size() > limit) {
      throw new LimitExceededException(
          found.size() + " series match, " + limit + " are allowed; narrow the selector");
    }
    found.sort(Comparator.comparingLong(Series::id));
    return List.copyOf(found);
  }

  /** As far as milliseconds reach. */
  private static long millis(Instant instant) {
    try {
      return instant.toEpochMilli();
    } catch (ArithmeticException e) {
      return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }

  @Override
  public Samples read(Series series, long fromMillis, long toMillis) {
    return read(List.of(series), fromMillis, toMillis, Long.MAX_VALUE).getFirst();
  }

  @Override
  public List<Samples> read(List<Series> series, long from, long to, long maxSamples) {
    while (true) {
      var limits = zones.get();
      var found = read(series, from, to, limits, new ReadLimit(maxSamples));
      var now = zones.get();
      // What was dropped meanwhile is not in it, or in part.
      if (now.equals(limits) || from >= now.rawFrom()) {
        return found;
      }
    }
  }

  private List<Samples> read(
      List<Series> series, long from, long to, Zones limits, ReadLimit limit) {
    if (from >= limits.rawFrom()) {
      return readRaw(series, from, to, limit);
    }
    Map<Long, Rollups> buckets;
    try {
      buckets = rolled.read(series, from, Math.min(to, limits.rawFrom() - 1), limits, limit);
    } catch (UnavailableException e) {
      throw new StoreUnavailableException("older samples cannot be read: " + e.getMessage(), e);
    }
    var raw =
        to < limits.rawFrom()
            ? Collections.nCopies(series.size(), Samples.EMPTY)
            : readRaw(series, limits.rawFrom(), to, limit);
    var result = new ArrayList<Samples>(series.size());
    for (var i = 0; i < series.size(); i++) {
      // Its copy is made: not all of them are held twice.
      result.add(RolledReader.joined(buckets.remove(series.get(i).id()), raw.get(i)));
    }
    return result;
  }

  @Override
  public long spacing(long millis) {
    var kept = zones.get();
    if (millis < kept.minuteFrom()) {
      return Tier.HOUR.resolutionMillis();
    }
    return millis < kept.rawFrom() ? 2 * Tier.MINUTE.resolutionMillis() : 0;
  }

  private List<Samples> readRaw(List<Series> series, long from, long to, ReadLimit limit) {
    var heads = index.get();
    var inMemory = new ArrayList<Samples>(series.size());
    var collector = new SampleCollector();
    var archived = new ArrayList<Series>();
    var archivedTo = Long.MIN_VALUE;
    for (var one : series) {
      check.run();
      collector.clear();
      var head = heads.find(one.labels());
      if (head != null) {
        var completeFrom = head.read(from, to, collector);
        if (from < completeFrom) {
          archived.add(one);
          archivedTo = Math.max(archivedTo, Math.min(to, completeFrom - 1));
        }
      }
      limit.take(collector.size());
      inMemory.add(collector.samples());
    }
    var older = readArchive(archived, from, archivedTo, limit);
    var result = new ArrayList<Samples>(series.size());
    for (var i = 0; i < series.size(); i++) {
      // Its copy is made: not all of them are held twice.
      var sealed = older.remove(series.get(i).id());
      var recent = inMemory.get(i);
      // What was sealed was stored first: of two with the same time it wins.
      result.add(sealed == null ? recent : sealed.followedBy(recent).samples());
    }
    return result;
  }

  private HashMap<Long, SampleCollector> readArchive(
      List<Series> series, long from, long to, ReadLimit limit) {
    var collectors = new HashMap<Long, SampleCollector>();
    if (series.isEmpty()) {
      return collectors;
    }
    try {
      archive.read(
          Tier.RAW,
          series,
          from,
          to,
          check,
          (id, chunk) -> {
            var collector = collectors.computeIfAbsent(id, key -> new SampleCollector());
            var before = collector.size();
            chunk.read(from, to, collector);
            limit.take(collector.size() - before);
          });
    } catch (UnavailableException e) {
      throw new StoreUnavailableException("older samples cannot be read: " + e.getMessage(), e);
    }
    return collectors;
  }

  @Override
  public List<String> labelNames(List<Matcher> matchers, Instant from, Instant to) {
    var names = new TreeSet<String>();
    select(matchers, from, to, series -> names.addAll(series.labels().names()));
    return List.copyOf(names);
  }

  @Override
  public List<String> labelValues(String name, List<Matcher> matchers, Instant from, Instant to) {
    var values = new TreeSet<String>();
    select(
        matchers,
        from,
        to,
        series -> {
          var value = series.labels().get(name);
          if (value != null) {
            values.add(value);
          }
        });
    return List.copyOf(values);
  }
}
