package dev.watchtower.common.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A mapping of a YAML file. Used by one thread. */
final class YamlSection implements Section {
  private record Entry(Node key, Node value) {}

  private final YamlNodes nodes;
  private final String path;
  private final int line;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();
  private boolean broken;
  private boolean takesOthers;

  private YamlSection(YamlNodes nodes, @Nullable Node node, String path, int line) {
    this.nodes = nodes;
    this.path = path;
    this.line = line;
    switch (node) {
      case null -> {}
      case MappingNode mapping -> nodes.entries(mapping, path).forEach(this::add);
      default -> {
        nodes.fault(node, path, "expected a mapping, found " + nodes.describe(node));
        broken = true;
      }
    }
  }

  /**
   * Reads the mapping {@code node} with {@code reader}; keys that the reader does not ask for are
   * faults.
   */
  static <T> T read(YamlNodes nodes, Node node, String path, Function<Section, T> reader) {
    var section = new YamlSection(nodes, node, path, YamlNodes.line(node));
    var value = reader.apply(section);
    section.refuseUnknownKeys();
    return value;
  }

  private void add(Node key, Node value) {
    if (!(key instanceof ScalarNode scalar)) {
      nodes.fault(key, path, "expected a plain key, found " + nodes.describe(key));
      return;
    }
    var name = scalar.getValue();
    if (entries.putIfAbsent(name, new Entry(key, value)) != null) {
      nodes.fault(key, at(name), "the key is given twice");
    }
  }

  private void refuseUnknownKeys() {
    entries.forEach((name, entry) -> {
      if (!takesOthers && !asked.contains(name)) {
        nodes.fault(
            entry.key(),
            at(name),
            "unknown key"
                + NearestName.to(name, asked)
                    .map(n -> "; did you mean '" + n + "'?")
                    .orElse("; expected one of " + String.join(", ", asked)));
      }
    });
  }

  @Override
  public <T> T required(String key, Kind<T> kind) {
    var node = node(key);
    if (node.isEmpty()) {
      if (!broken) {
        nodes.fault(line(key), at(key), "expected " + kind.expected() + ", found nothing");
      }
      return kind.sample();
    }
    return nodes.value(node.get(), at(key), kind);
  }

  @Override
  public <T> T orElse(String key, Kind<T> kind, T fallback) {
    return node(key).map(n -> nodes.value(n, at(key), kind)).orElse(fallback);
  }

  @Override
  public <T> @Nullable T optional(String key, Kind<T> kind) {
    var node = node(key);
    return node.isEmpty() ? null : nodes.value(node.get(), at(key), kind);
  }

  @Override
  public <T> List<T> list(String key, Kind<T> kind, List<T> fallback) {
    return node(key).map(n -> values(n, at(key), kind)).orElse(fallback);
  }

  private <T> List<T> values(Node node, String where, Kind<T> kind) {
    var values = new ArrayList<T>();
    nodes.items(node, where, (item, itemPath) -> values.add(nodes.value(item, itemPath, kind)));
    return List.copyOf(values);
  }

  @Override
  public String declare(String key, NameSpace space, Kind<String> kind) {
    var name = required(key, kind);
    node(key).ifPresent(n -> nodes.findings().declareOnce(space, name, YamlNodes.line(n), at(key)));
    return name;
  }

  @Override
  public List<String> declareAll(String key, NameSpace space) {
    var names = list(key, Kind.NAMED, List.of());
    names.forEach(n -> nodes.findings().declare(space, n, line(key)));
    return names;
  }

  @Override
  public String refer(String key, NameSpace space) {
    var name = required(key, Kind.TEXT);
    node(key).ifPresent(n -> nodes.refer(n, at(key), space, name));
    return name;
  }

  @Override
  public @Nullable String referOptional(String key, NameSpace space) {
    var name = optional(key, Kind.TEXT);
    var node = node(key);
    if (name != null && node.isPresent()) {
      nodes.refer(node.get(), at(key), space, name);
    }
    return name;
  }

  @Override
  public List<String> referAll(String key, NameSpace space, List<String> fallback) {
    var node = node(key);
    if (node.isEmpty()) {
      return fallback;
    }
    var names = new ArrayList<String>();
    nodes.items(
        node.get(),
        at(key),
        (item, itemPath) -> {
          var name = nodes.value(item, itemPath, Kind.TEXT);
          names.add(name);
          if (!fallback.contains(name)) {
            nodes.refer(item, itemPath, space, name);
          }
        });
    return List.copyOf(names);
  }

  @Override
  public <T> T section(String key, Function<Section, T> reader) {
    var node = node(key);
    return node.isPresent()
        ? read(nodes, node.get(), at(key), reader)
        : reader.apply(new YamlSection(nodes, null, at(key), line));
  }

  @Override
  public <T> List<T> sections(String key, Function<Section, T> reader) {
    return node(key).map(n -> readAll(n, at(key), reader)).orElse(List.of());
  }

  private <T> List<T> readAll(Node node, String where, Function<Section, T> reader) {
    var read = new ArrayList<T>();
    nodes.items(node, where, (item, itemPath) -> read.add(read(nodes, item, itemPath, reader)));
    return List.copyOf(read);
  }

  @Override
  public <S, T> List<T> named(
      String key,
      NameSpace space,
      List<String> names,
      BiFunction<String, Section, S> reader,
      BiFunction<String, List<S>, T> join) {
    return section(
        key,
        s -> {
          var below = (YamlSection) s;
          var read = new ArrayList<T>();
          for (var name : names) {
            below
                .node(name)
                .ifPresent(n -> {
                  nodes.findings().declare(space, name, YamlNodes.line(n));
                  read.add(
                      join.apply(
                          name, below.<S>readAll(n, below.at(name), x -> reader.apply(name, x))));
                });
          }
          return List.copyOf(read);
        });
  }

  @Override
  public Map<String, Object> free(String key, BiFunction<String, Object, Optional<String>> fault) {
    var values = new LinkedHashMap<String, Object>();
    node(key)
        .ifPresent(n -> {
          var below = new YamlSection(nodes, n, at(key), YamlNodes.line(n));
          below.entries.forEach((name, entry) -> {
            var value = nodes.plain(entry.value(), below.at(name));
            value.ifPresent(v -> values.put(name, v));
            value
                .flatMap(v -> fault.apply(name, v))
                .ifPresent(message -> nodes.fault(entry.value(), below.at(name), message));
          });
        });
    return Map.copyOf(values);
  }

  @Override
  public boolean has(String key) {
    return node(key).isPresent();
  }

  @Override
  public boolean isEmptyList(String key) {
    return node(key).filter(n -> n instanceof SequenceNode l && l.getValue().isEmpty()).isPresent();
  }

  @Override
  public void skipOthers() {
    takesOthers = true;
  }

  @Override
  public void fault(String key, String message) {
    if (!broken) {
      nodes.fault(line(key), at(key), message);
    }
  }

  private int line(String key) {
    var entry = entries.get(key);
    return entry == null ? line : YamlNodes.line(entry.key());
  }

  private Optional<Node> node(String key) {
    asked.add(key);
    return Optional.ofNullable(entries.get(key))
        .map(Entry::value)
        .filter(n -> !YamlNodes.isNull(n));
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
