package dev.watchtower.ingest.query;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.series.SeriesStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Series written down by hand, to be queried. For one thread. */
public class HandMadeStore implements SeriesStore {
  private final Map<Labels, Series> series = new LinkedHashMap<>();
  private final Map<Series, TreeMap<Long, Double>> samples = new LinkedHashMap<>();

  /** The series of a selector with only equalities. */
  public Series series(String selector) {
    Map<String, String> labels = new TreeMap<>();
    Parser.selector(selector).forEach(matcher -> labels.put(matcher.name(), matcher.value()));
    return series.computeIfAbsent(Labels.of(labels), l -> new Series(series.size() + 1L, l));
  }

  /** One sample. */
  public void add(String selector, long seconds, double value) {
    add(series(selector), seconds * 1000, value);
  }

  /** One sample. */
  public void add(Series to, long millis, double value) {
    samples.computeIfAbsent(to, _ -> new TreeMap<>()).put(millis, value);
  }

  /** Values at {@code fromSeconds}, {@code fromSeconds + step}, …. */
  public HandMadeStore row(String selector, long fromSeconds, long step, double... values) {
    for (int i = 0; i < values.length; i++) {
      add(selector, fromSeconds + i * step, values[i]);
    }
    return this;
  }

  @Override
  public List<Series> select(List<Matcher> matchers, Instant from, Instant to, int limit) {
    List<Series> selected =
        series.values().stream()
            .filter(s ->
                matchers.stream().allMatch(m -> m.test().test(s.labels().getOrEmpty(m.name()))))
            .toList();
    if (selected.size() > limit) {
      throw new LimitExceededException("more than " + limit + " series match");
    }
    return selected;
  }

  @Override
  public List<Series> first(List<Matcher> matchers, Instant from, Instant to, int most) {
    return select(matchers, from, to, Integer.MAX_VALUE).stream().limit(most).toList();
  }

  @Override
  public Samples read(Series of, long fromMillis, long toMillis) {
    var range = samples.getOrDefault(of, new TreeMap<>()).subMap(fromMillis, true, toMillis, true);
    return new Samples(
        range.keySet().stream().mapToLong(Long::longValue).toArray(),
        range.values().stream().mapToDouble(Double::doubleValue).toArray());
  }

  @Override
  public List<Samples> read(List<Series> of, long fromMillis, long toMillis, long maxSamples) {
    List<Samples> read = new ArrayList<>();
    long left = maxSamples;
    for (Series one : of) {
      Samples next = read(one, fromMillis, toMillis);
      left -= next.size();
      if (left < 0) {
        throw new LimitExceededException("more than " + maxSamples + " samples");
      }
      read.add(next);
    }
    return read;
  }

  @Override
  public List<String> labelNames(List<Matcher> matchers, Instant from, Instant to) {
    TreeSet<String> names = new TreeSet<>();
    select(matchers, from, to, Integer.MAX_VALUE).forEach(s -> names.addAll(s.labels().names()));
    return List.copyOf(names);
  }

  @Override
  public List<String> labelValues(String name, List<Matcher> matchers, Instant from, Instant to) {
    TreeSet<String> values = new TreeSet<>();
    select(matchers, from, to, Integer.MAX_VALUE)
        .forEach(s -> values.add(s.labels().getOrEmpty(name)));
    values.remove("");
    return List.copyOf(values);
  }
}
