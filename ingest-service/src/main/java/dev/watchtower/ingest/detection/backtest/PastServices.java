package dev.watchtower.ingest.detection.backtest;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.ingest.golden.GoldenSources;
import dev.watchtower.ingest.golden.ObservedService;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.series.SeriesStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The services of a time: those that are known, and those of which there are samples in it, though
 * nothing comes of them any more.
 *
 * @param live the services that are known
 * @param sources what golden signals are made of
 */
public record PastServices(
    SeriesStore store, Collection<ObservedService> live, GoldenSources sources) {
  /** Enough to see how often something is sent that comes each five minutes, and not too much. */
  private static final long LEARNT = Duration.ofMinutes(30).toMillis();

  private static final int MOST_SERIES = 2_000;
  private static final int OF_A_METRIC = 2;
  private static final int MOST_LEARNT = 16;
  private static final long MOST_SAMPLES = 2_000_000;

  private record Heard(Series series, long at, double value) {}

  /**
   * Those that a rule looks at, in order.
   *
   * @throws QueryException if there are more than {@code most}
   */
  List<ServiceKey> covered(Catalog.Rule rule, long from, long to, int most) {
    Set<ServiceKey> keys = new TreeSet<>();
    live.stream()
        .map(ObservedService::key)
        .filter(k -> rule.covers(k.service(), k.env()))
        .forEach(keys::add);
    Instant first = Instant.ofEpochMilli(from - rule.after().toMillis());
    Instant last = Instant.ofEpochMilli(to);
    List<String> names =
        rule.services().contains("*")
            ? store.labelValues(Labels.SERVICE, List.of(), first, last)
            : rule.services();
    for (String name : names) {
      store.labelValues(Labels.ENV, List.of(Matcher.eq(Labels.SERVICE, name)), first, last).stream()
          .filter(env -> rule.covers(name, env))
          .forEach(env -> keys.add(new ServiceKey(name, env)));
    }
    if (keys.size() > most) {
      throw QueryException.badData(
          "the rule looks at " + keys.size() + " services, " + most + " are allowed");
    }
    return List.copyOf(keys);
  }

  /**
   * The window of a service's rates: that which it has now. Where that is not known, because it
   * sends nothing any more or not yet again, that of the last time it sent.
   */
  long window(ServiceKey key, long from, long to) {
    ObservedService known =
        live.stream().filter(service -> service.key().equals(key)).findFirst().orElse(null);
    if (known != null && known.intervalMillis() > 0) {
      return known.windowMillis();
    }
    ServiceRegistry then = new ServiceRegistry();
    for (long span = LEARNT; isUnknown(then, key); span *= 2) {
      long begin = Math.max(from, to - span);
      then = new ServiceRegistry();
      then.watch(sources, _ -> false);
      hear(then, heard(key, begin, to));
      if (begin == from) {
        break;
      }
    }
    return then.find(key).map(ObservedService::windowMillis).orElse(0L);
  }

  private static boolean isUnknown(ServiceRegistry registry, ServiceKey key) {
    return registry.find(key).filter(service -> service.intervalMillis() > 0).isEmpty();
  }

  private static void hear(ServiceRegistry registry, List<Heard> all) {
    if (all.isEmpty()) {
      return;
    }
    long end = all.getLast().at();
    List<Heard> last = all.stream().filter(one -> one.at() >= end - LEARNT).toList();
    var _ =
        registry.heard(
            new AcceptedBatch(
                last.stream().map(Heard::series).toArray(Series[]::new),
                last.stream().mapToLong(Heard::at).toArray(),
                last.stream().mapToDouble(Heard::value).toArray(),
                last.size()),
            end);
  }

  /** Samples of some of its series, in order of time. */
  private List<Heard> heard(ServiceKey key, long from, long to) {
    List<Heard> heard = new ArrayList<>();
    List<Series> some = some(key, from, to);
    List<Samples> read = some.isEmpty() ? List.of() : store.read(some, from, to, MOST_SAMPLES);
    for (int i = 0; i < read.size(); i++) {
      Samples samples = read.get(i);
      for (int j = 0; j < samples.size(); j++) {
        heard.add(new Heard(some.get(i), samples.timestamp(j), samples.value(j)));
      }
    }
    heard.sort(Comparator.comparingLong(Heard::at));
    return heard;
  }

  /** A few of each metric, the newest ones. */
  private List<Series> some(ServiceKey key, long from, long to) {
    List<Matcher> its =
        List.of(Matcher.eq(Labels.SERVICE, key.service()), Matcher.eq(Labels.ENV, key.env()));
    List<Series> all =
        store.first(its, Instant.ofEpochMilli(from), Instant.ofEpochMilli(to), MOST_SERIES);
    Map<String, Integer> counts = new HashMap<>();
    List<Series> some = new ArrayList<>();
    for (Series one : all.reversed()) {
      String metric = one.labels().metricName();
      if (some.size() < MOST_LEARNT
          && sources.reads(metric)
          && counts.merge(metric, 1, Integer::sum) <= OF_A_METRIC) {
        some.add(one);
      }
    }
    return some;
  }
}
