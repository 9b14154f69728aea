package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.Series;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All series: by their labels, and for each label's value the series that have it. Thread-safe;
 * readers do not hold back each other.
 */
final class HeadIndex {
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  /** By place; null where a series was removed. */
  private List<@Nullable Head> heads = new ArrayList<>();

  private int removed;

  /** How often the places were given anew. */
  private int compactions;

  private final Map<Labels, Head> byLabels = new HashMap<>();
  private final Map<String, Map<String, Places>> places = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Map<String, ServiceClock>> clocks = new ConcurrentHashMap<>();
  private long lastId;

  /** The head of a series with these labels, if there is one. */
  @Nullable Head find(Labels labels) {
    lock.readLock().lock();
    try {
      return byLabels.get(labels);
    } finally {
      lock.readLock().unlock();
    }
  }

  int size() {
    lock.readLock().lock();
    try {
      return heads.size() - removed;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The head of these labels; a new one under the next number if there is none. */
  Head findOrCreate(Labels labels) {
    lock.writeLock().lock();
    try {
      var head = byLabels.get(labels);
      return head != null && !head.isGone()
          ? head
          : add(new Series(lastId + 1, share(labels)), Long.MIN_VALUE);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Takes in a series from the archive; of two with the same labels only the first. */
  Head restore(long id, Labels labels, long completeFrom) {
    lock.writeLock().lock();
    try {
      var known = byLabels.get(labels);
      return known != null ? known : add(new Series(id, share(labels)), completeFrom);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** New series get numbers above this one. */
  void reserve(long id) {
    lock.writeLock().lock();
    try {
      lastId = Math.max(lastId, id);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Equal names and values of all series become one object each. */
  private Labels share(Labels labels) {
    var pairs = new String[labels.size() * 2];
    for (var i = 0; i < labels.size(); i++) {
      pairs[2 * i] = share(labels.name(i));
      pairs[2 * i + 1] = share(labels.value(i));
    }
    return Labels.of(pairs);
  }

  private String share(String text) {
    var known = texts.putIfAbsent(text, text);
    return known == null ? text : known;
  }

  private Head add(Series series, long completeFrom) {
    var labels = series.labels();
    var clock =
        clocks
            .computeIfAbsent(labels.service(), name -> new ConcurrentHashMap<>())
            .computeIfAbsent(labels.env(), env -> new ServiceClock(labels.service(), env));
    var head = new Head(series, clock, completeFrom);
    lastId = Math.max(lastId, series.id());
    place(head);
    return head;
  }

  private void place(Head head) {
    var labels = head.series().labels();
    var place = heads.size();
    heads.add(head);
    byLabels.put(labels, head);
    for (var i = 0; i < labels.size(); i++) {
      places
          .computeIfAbsent(labels.name(i), name -> new HashMap<>())
          .computeIfAbsent(labels.value(i), value -> new Places())
          .add(place);
    }
  }

  /**
   * Gives each head that satisfies all matchers to {@code target}, in order of creation.
   *
   * @param check called again and again while it searches; what it throws ends it
   */
  void select(List<Matcher> matchers, Runnable check, Consumer<Head> target) {
    var rarest = exact(matchers);
    var found =
        rarest == null
            ? matchingAnyValue(matchers, new ValueTests(check))
            : new ValueTests(check).matching(matchers, rarest);
    found.forEach(target);
  }

  /**
   * The series that have the rarest of the values that are asked for exactly, to be tested outside
   * the lock: 'this service' costs the same whether there are a thousand or a million other series.
   *
   * @return null if none is asked for exactly
   */
  private @Nullable List<Head> exact(List<Matcher> matchers) {
    lock.readLock().lock();
    try {
      Places rarest = null;
      for (var matcher : matchers) {
        if (matcher.op() == Matcher.Op.EQ && !matcher.value().isEmpty()) {
          var having = places.getOrDefault(matcher.name(), Map.of()).get(matcher.value());
          if (having == null) {
            return List.of();
          }
          rarest = rarest == null || having.size() < rarest.size() ? having : rarest;
        }
      }
      if (rarest == null) {
        return null;
      }
      var found = new ArrayList<Head>(rarest.size());
      for (var i = 0; i < rarest.size(); i++) {
        found.add(at(rarest.get(i)));
      }
      return found;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** How many series have the rarest of these labels; 0 if one of them is in none. */
  int rarest(Labels labels) {
    lock.readLock().lock();
    try {
      var having = having(labels);
      return having == null ? 0 : having.size();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** At most so many of the series that have the rarest of these labels, the newest ones. */
  List<Head> withRarest(Labels labels, int most) {
    var found = new ArrayList<Head>();
    lock.readLock().lock();
    try {
      var having = having(labels);
      if (having != null) {
        for (var i = having.size(); i > 0 && found.size() < most; i--) {
          found.add(at(having.get(i - 1)));
        }
      }
    } finally {
      lock.readLock().unlock();
    }
    return found;
  }

  private @Nullable Places having(Labels labels) {
    Places rarest = null;
    for (var i = 0; i < labels.size(); i++) {
      var having = places.getOrDefault(labels.name(i), Map.of()).get(labels.value(i));
      if (having == null) {
        return null;
      }
      rarest = rarest == null || having.size() < rarest.size() ? having : rarest;
    }
    return rarest;
  }

  /**
   * By tests of the values that a label has, each value once, and outside the lock: they may take
   * long, and whoever waits for new series holds back all who read. Series that are new meanwhile
   * are left out.
   */
  private List<Head> matchingAnyValue(List<Matcher> matchers, ValueTests tests) {
    while (true) {
      var result = new BitSet();
      int before = locked(() -> all(result));
      var same = true;
      for (var i = 0; same && i < matchers.size() && !result.isEmpty(); i++) {
        var name = matchers.get(i).name();
        var values = locked(() -> List.copyOf(places.getOrDefault(name, Map.of()).keySet()));
        var split = tests.split(matchers.get(i), values);
        same = locked(() -> compactions == before && narrow(result, name, split));
      }
      var found = same ? locked(() -> compactions == before ? at(result) : null) : null;
      if (found != null) {
        return found;
      }
    }
  }

  private <T extends @Nullable Object> T locked(Supplier<T> read) {
    lock.readLock().lock();
    try {
      return read.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  private int all(BitSet result) {
    result.set(0, heads.size());
    for (var place = 0; removed > 0 && place < heads.size(); place++) {
      result.set(place, heads.get(place) != null);
    }
    return compactions;
  }

  /** Where series without the label match, takes out those whose value does not. */
  private boolean narrow(BitSet result, String name, ValueTests.Split split) {
    var having = places.getOrDefault(name, Map.of());
    var found = new BitSet(heads.size());
    for (var value : split.differing()) {
      var those = having.get(value);
      if (those != null) {
        those.addTo(found);
      }
    }
    if (split.withoutMatches()) {
      result.andNot(found);
    } else {
      result.and(found);
    }
    return true;
  }

  /** Those that are still there. */
  private List<Head> at(BitSet result) {
    var found = new ArrayList<Head>(result.cardinality());
    result.stream().mapToObj(heads::get).filter(Objects::nonNull).forEach(found::add);
    return found;
  }

  private Head at(int place) {
    var head = heads.get(place);
    if (head == null) {
      throw new IllegalStateException("no series is at place " + place);
    }
    return head;
  }

  /** Takes out heads that are gone. Readers wait meanwhile; what is written to known series not. */
  void remove(Set<Head> gone) {
    lock.writeLock().lock();
    try {
      var labels = new HashMap<String, Set<String>>();
      for (var place = 0; place < heads.size(); place++) {
        var head = heads.get(place);
        if (head != null && gone.contains(head)) {
          heads.set(place, null);
          removed++;
          forget(head, labels);
        }
      }
      labels.forEach(this::forget);
      if (removed > heads.size() / 2) {
        compact();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void forget(Head head, Map<String, Set<String>> from) {
    var labels = head.series().labels();
    byLabels.remove(labels, head);
    for (var i = 0; i < labels.size(); i++) {
      from.computeIfAbsent(labels.name(i), name -> new HashSet<>()).add(labels.value(i));
    }
  }

  /** Once for each value, however many go: some are in nearly all series. */
  private void forget(String name, Set<String> gone) {
    var values = places.getOrDefault(name, Map.of());
    for (var value : gone) {
      var having = values.get(value);
      if (having != null) {
        having.leave(heads);
        if (having.isEmpty()) {
          values.remove(value);
        }
      }
    }
  }

  /** Makes everything anew without holes, and without the texts and services of what is gone. */
  private void compact() {
    var rest = heads.stream().filter(Objects::nonNull).toList();
    heads = new ArrayList<>();
    compactions++;
    removed = 0;
    byLabels.clear();
    places.clear();
    texts.clear();
    var services = new HashSet<ServiceClock>();
    for (var head : rest) {
      services.add(head.service());
      place(head);
    }
    clocks.values().forEach(envs -> envs.values().retainAll(services));
    clocks.values().removeIf(Map::isEmpty);
  }

  /** Calls {@code use} with every head. */
  void forEach(Consumer<Head> use) {
    select(List.of(), () -> {}, use);
  }

  /** Every service and environment. */
  List<ServiceClock> clocks() {
    var all = new ArrayList<ServiceClock>();
    clocks.values().forEach(envs -> all.addAll(envs.values()));
    return all;
  }

  @Nullable ServiceClock clock(String service, String env) {
    var envs = clocks.get(service);
    return envs == null ? null : envs.get(env);
  }

  /** The series whose numbers are above one, in ascending order. */
  List<Series> seriesAbove(long id) {
    var found = new ArrayList<Series>();
    lock.readLock().lock();
    try {
      // Numbers rise with the place but for restored ones, which come first.
      for (var i = heads.size() - 1; i >= 0; i--) {
        var head = heads.get(i);
        if (head != null && head.series().id() <= id) {
          break;
        }
        if (head != null) {
          found.add(head.series());
        }
      }
    } finally {
      lock.readLock().unlock();
    }
    return found.reversed();
  }

  /** A view by number, for the start. */
  LongFunction<@Nullable Head> byId() {
    var map = new HashMap<Long, Head>();
    forEach(head -> map.put(head.series().id(), head));
    return map::get;
  }
}
