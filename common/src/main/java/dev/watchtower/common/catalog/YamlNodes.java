package dev.watchtower.common.catalog;

import dev.watchtower.common.catalog.Section.NameSpace;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads the nodes of one file: values by their {@link Kind}, with placeholders filled in. Only
 * plain YAML is taken; a tag that names a type is a fault. Used by one thread.
 *
 * @param findings where faults go
 */
record YamlNodes(Findings findings, Placeholders placeholders) {
  private static final Set<Tag> PLAIN =
      Set.of(
          Tag.STR,
          Tag.INT,
          Tag.FLOAT,
          Tag.BOOL,
          Tag.NULL,
          Tag.TIMESTAMP,
          Tag.MERGE,
          Tag.MAP,
          Tag.SEQ,
          new Tag(Tag.PREFIX + "value"));

  private static final int MAX_MERGE_DEPTH = 5;
  private static final int MAX_FOUND_LENGTH = 60;

  /** The line of a node, from 1. */
  static int line(Node node) {
    return node.getStartMark() == null ? 1 : node.getStartMark().getLine() + 1;
  }

  static boolean isNull(Node node) {
    return node instanceof ScalarNode && Tag.NULL.equals(node.getTag());
  }

  void fault(Node node, String path, String message) {
    fault(line(node), path, message);
  }

  void fault(int line, String path, String message) {
    findings.fault(line, path, message);
  }

  void refer(Node node, String path, NameSpace space, String name) {
    findings.refer(space, name, line(node), path);
  }

  /**
   * What stands there, for messages: as written, so that a secret from the environment is not told.
   */
  String describe(Node node) {
    return switch (node) {
      case ScalarNode s when isNull(s) -> "nothing";
      case ScalarNode s -> {
        var text = s.getValue();
        yield "'"
            + (text.length() > MAX_FOUND_LENGTH ? text.substring(0, MAX_FOUND_LENGTH) + "…" : text)
            + "'";
      }
      case SequenceNode _ -> "a list";
      default -> "a mapping";
    };
  }

  /** The entries of a mapping, those of merged mappings ({@code <<}) last. */
  Map<Node, Node> entries(MappingNode mapping, String path) {
    var entries = new LinkedHashMap<Node, Node>();
    collect(mapping, path, entries, 0);
    return entries;
  }

  private void collect(MappingNode mapping, String path, Map<Node, Node> entries, int depth) {
    if (!isPlain(mapping, path)) {
      return;
    }
    if (depth > MAX_MERGE_DEPTH) {
      fault(mapping, path, "mappings are merged more than " + MAX_MERGE_DEPTH + " deep");
      return;
    }
    var own = mapping.getValue().stream().filter(t -> !isMerge(t.getKeyNode())).toList();
    own.forEach(t -> entries.put(t.getKeyNode(), t.getValueNode()));
    for (var tuple : mapping.getValue()) {
      if (isMerge(tuple.getKeyNode())) {
        merge(tuple.getValueNode(), path, entries, depth);
      }
    }
  }

  private void merge(Node source, String path, Map<Node, Node> entries, int depth) {
    switch (source) {
      case MappingNode m -> {
        var merged = new LinkedHashMap<Node, Node>();
        collect(m, path, merged, depth + 1);
        merged.forEach((key, value) -> {
          if (!(key instanceof ScalarNode k) || !hasKey(entries, k.getValue())) {
            entries.put(key, value);
          }
        });
      }
      case SequenceNode list when depth <= MAX_MERGE_DEPTH ->
          list.getValue().forEach(n -> merge(n, path, entries, depth + 1));
      default -> fault(source, path, "expected a mapping to merge, found " + describe(source));
    }
  }

  private static boolean hasKey(Map<Node, Node> entries, String name) {
    return entries.keySet().stream()
        .anyMatch(k -> k instanceof ScalarNode s && s.getValue().equals(name));
  }

  private static boolean isMerge(Node key) {
    return Tag.MERGE.equals(key.getTag());
  }

  /** Calls {@code each} with the items of a list and their paths. */
  void items(Node node, String path, BiConsumer<Node, String> each) {
    if (!(node instanceof SequenceNode list)) {
      fault(node, path, "expected a list, found " + describe(node));
      return;
    }
    if (!isPlain(list, path)) {
      return;
    }
    int i = 0;
    for (var item : list.getValue()) {
      each.accept(item, path + "[" + i++ + "]");
    }
  }

  /** The value of a scalar; the kind's sample, and a fault, when it is not of the kind. */
  <T> T value(Node node, String path, Kind<T> kind) {
    if (node instanceof CollectionNode<?> || isNull(node)) {
      fault(node, path, "expected " + kind.expected() + ", found " + describe(node));
      return kind.sample();
    }
    var text = text((ScalarNode) node, path);
    if (text.isEmpty()) {
      return kind.sample();
    }
    var value = kind.reading().apply(text.get());
    if (value.isEmpty()) {
      fault(
          node,
          path,
          "expected " + kind.expected() + (kind.secret() ? "" : ", found " + describe(node)));
    }
    return value.orElse(kind.sample());
  }

  /** A value of the writer's choice: a text, a number or a truth value. */
  Optional<Object> plain(Node node, String path) {
    if (!(node instanceof ScalarNode scalar) || isNull(node)) {
      fault(node, path, "expected a text, a number, true or false, found " + describe(node));
      return Optional.empty();
    }
    return text(scalar, path).map(t -> typed(scalar, t));
  }

  private static Object typed(ScalarNode scalar, String text) {
    if (scalar.getScalarStyle() != DumperOptions.ScalarStyle.PLAIN) {
      return text;
    }
    if (text.matches("-?\\d{1,18}")) {
      return Long.parseLong(text);
    }
    if (text.matches("-?\\d{1,18}\\.\\d{1,18}")) {
      return Double.parseDouble(text);
    }
    return text.equals("true") || text.equals("false") ? (Object) Boolean.valueOf(text) : text;
  }

  private Optional<String> text(ScalarNode scalar, String path) {
    if (!isPlain(scalar, path)) {
      return Optional.empty();
    }
    return switch (placeholders.fill(scalar.getValue())) {
      case Placeholders.Filled.Text(var text) -> Optional.of(text);
      case Placeholders.Filled.Fault(var message) -> {
        fault(scalar, path, message);
        yield Optional.empty();
      }
    };
  }

  private boolean isPlain(Node node, String path) {
    if (PLAIN.contains(node.getTag())) {
      return true;
    }
    fault(node, path, "expected plain YAML, found the tag " + node.getTag().getValue());
    return false;
  }
}
