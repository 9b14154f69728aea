package dev.watchtower.ingest.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The labels of a series: names in ascending order, each once, no empty value (an empty value is
 * the same as no label). Immutable; equal when all names and values are.
 */
public final class Labels {
  /** The label that holds the metric's name. */
  public static final String METRIC_NAME = "__name__";

  /** The label that every stored series has: the service it speaks for. */
  public static final String SERVICE = "service";

  /** The label that every stored series has: the environment. */
  public static final String ENV = "env";

  /** No labels. */
  public static final Labels EMPTY = new Labels(new String[0]);

  /** Name, value, name, value …; sorted by name. */
  private final String[] pairs;

  private final int hash;

  private Labels(String[] pairs) {
    this.pairs = pairs;
    this.hash = Arrays.hashCode(pairs);
  }

  /** The labels of the map; entries with an empty value are left out. */
  public static Labels of(Map<String, String> labels) {
    var pairs = new ArrayList<String>(labels.size() * 2);
    new TreeMap<>(labels)
        .forEach((name, value) -> {
          if (!value.isEmpty()) {
            pairs.add(name);
            pairs.add(value);
          }
        });
    return pairs.isEmpty() ? EMPTY : new Labels(pairs.toArray(String[]::new));
  }

  /**
   * Labels from name, value, name, value ….
   *
   * @throws IllegalArgumentException if a name stands twice or a value is missing
   */
  public static Labels of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a label without a value");
    }
    var map = new TreeMap<String, String>();
    for (var i = 0; i < namesAndValues.length; i += 2) {
      if (map.put(namesAndValues[i], namesAndValues[i + 1]) != null) {
        throw new IllegalArgumentException("label '" + namesAndValues[i] + "' stands twice");
      }
    }
    return of(map);
  }

  /** How many labels there are. */
  public int size() {
    return pairs.length / 2;
  }

  /** The i-th name in ascending order. */
  public String name(int i) {
    return pairs[2 * i];
  }

  /** The value of the i-th name. */
  public String value(int i) {
    return pairs[2 * i + 1];
  }

  /** The value of a label; null if it is absent. */
  public @Nullable String get(String name) {
    var low = 0;
    var high = size() - 1;
    while (low <= high) {
      var middle = (low + high) >>> 1;
      var order = pairs[2 * middle].compareTo(name);
      if (order == 0) {
        return pairs[2 * middle + 1];
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return null;
  }

  /** The value of a label; empty if it is absent. */
  public String getOrEmpty(String name) {
    var value = get(name);
    return value == null ? "" : value;
  }

  /** The metric's name; empty if there is none. */
  public String metricName() {
    return getOrEmpty(METRIC_NAME);
  }

  /** The service; empty if there is none (never so in a stored series). */
  public String service() {
    return getOrEmpty(SERVICE);
  }

  /** The environment; empty if there is none (never so in a stored series). */
  public String env() {
    return getOrEmpty(ENV);
  }

  /** Only the labels with these names. */
  public Labels retain(Collection<String> names) {
    return filter(names, true);
  }

  /** All labels but those with these names. */
  public Labels without(Collection<String> names) {
    return filter(names, false);
  }

  private Labels filter(Collection<String> names, boolean keep) {
    var kept = new ArrayList<String>(pairs.length);
    for (var i = 0; i < pairs.length; i += 2) {
      if (names.contains(pairs[i]) == keep) {
        kept.add(pairs[i]);
        kept.add(pairs[i + 1]);
      }
    }
    if (kept.size() == pairs.length) {
      return this;
    }
    return kept.isEmpty() ? EMPTY : new Labels(kept.toArray(String[]::new));
  }

  /** These labels and one more, which replaces one of the same name; empty removes it. */
  public Labels with(String name, String value) {
    var map = new TreeMap<>(toMap());
    map.put(name, value);
    return of(map);
  }

  /** Names and values in ascending order of the names. */
  public Map<String, String> toMap() {
    var map = LinkedHashMap.<String, String>newLinkedHashMap(size());
    for (var i = 0; i < pairs.length; i += 2) {
      map.put(pairs[i], pairs[i + 1]);
    }
    return map;
  }

  /** The names in ascending order. */
  public List<String> names() {
    var names = new ArrayList<String>(size());
    for (var i = 0; i < pairs.length; i += 2) {
      names.add(pairs[i]);
    }
    return names;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Labels that && that.hash == hash && Arrays.equals(that.pairs, pairs);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** In the form of a selector: {@code name{label="value"}}. */
  @Override
  public String toString() {
    var text = new StringBuilder(metricName()).append('{');
    var separator = "";
    for (var i = 0; i < pairs.length; i += 2) {
      if (!pairs[i].equals(METRIC_NAME)) {
        text.append(separator).append(pairs[i]).append("=\"");
        text.append(pairs[i + 1].replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
        text.append('"');
        separator = ",";
      }
    }
    return text.append('}').toString();
  }
}
