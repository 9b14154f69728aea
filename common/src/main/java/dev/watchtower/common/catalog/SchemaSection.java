package dev.watchtower.common.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Describes the catalog as JSON Schema (draft 2020-12) by running the readers of {@link
 * CatalogSections} over it, so that the schema cannot differ from what is read.
 */
final class SchemaSection implements Section {
  private final Map<String, Object> properties = new LinkedHashMap<>();
  private final List<String> required = new ArrayList<>();
  private boolean takesOthers;

  private SchemaSection() {}

  /** The schema of the whole file. */
  static Map<String, Object> catalog() {
    var schema = new LinkedHashMap<String, Object>();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "The Watchtower catalog");
    schema.putAll(of(CatalogSections::catalog));
    return schema;
  }

  private static <T> Map<String, Object> of(Function<Section, T> reader) {
    var section = new SchemaSection();
    var unused = reader.apply(section);
    return section.schema();
  }

  private Map<String, Object> schema() {
    var schema = new LinkedHashMap<String, Object>();
    schema.put("type", List.of("object", "null"));
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", takesOthers);
    return schema;
  }

  private static Map<String, Object> described(Kind<?> kind) {
    var schema = new LinkedHashMap<String, Object>();
    schema.put("description", kind.expected());
    kind.schema().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(e -> schema.put(e.getKey(), e.getValue()));
    return schema;
  }

  private static Map<String, Object> listOf(Map<String, Object> items) {
    var schema = new LinkedHashMap<String, Object>();
    schema.put("type", "array");
    schema.put("items", items);
    return schema;
  }

  private static Map<String, Object> reference(NameSpace space) {
    var schema = new LinkedHashMap<String, Object>();
    schema.put("description", "the name of a " + space.title());
    schema.put("type", "string");
    return schema;
  }

  /** The value, or nothing at all: {@code key: null} is the same as no key. */
  private static Map<String, Object> orNull(Map<String, Object> schema) {
    return Map.of("anyOf", List.of(schema, Map.of("type", "null")));
  }

  @Override
  public <T> T required(String key, Kind<T> kind) {
    required.add(key);
    properties.put(key, described(kind));
    return kind.sample();
  }

  @Override
  public <T> T orElse(String key, Kind<T> kind, T fallback) {
    properties.put(key, orNull(described(kind)));
    return fallback;
  }

  @Override
  public <T> @Nullable T optional(String key, Kind<T> kind) {
    properties.put(key, orNull(described(kind)));
    return null;
  }

  @Override
  public <T> List<T> list(String key, Kind<T> kind, List<T> fallback) {
    properties.put(key, listOf(described(kind)));
    return fallback;
  }

  @Override
  public String declare(String key, NameSpace space, Kind<String> kind) {
    return required(key, kind);
  }

  @Override
  public List<String> declareAll(String key, NameSpace space) {
    return list(key, Kind.NAMED, List.of());
  }

  @Override
  public String refer(String key, NameSpace space) {
    required.add(key);
    properties.put(key, reference(space));
    return "name";
  }

  @Override
  public @Nullable String referOptional(String key, NameSpace space) {
    properties.put(key, orNull(reference(space)));
    return null;
  }

  @Override
  public List<String> referAll(String key, NameSpace space, List<String> fallback) {
    properties.put(key, listOf(reference(space)));
    return fallback;
  }

  @Override
  public <T> T section(String key, Function<Section, T> reader) {
    var below = new SchemaSection();
    var value = reader.apply(below);
    properties.put(key, below.schema());
    return value;
  }

  @Override
  public <T> List<T> sections(String key, Function<Section, T> reader) {
    properties.put(key, listOf(of(reader)));
    return List.of();
  }

  @Override
  public <S, T> List<T> named(
      String key,
      NameSpace space,
      List<String> names,
      BiFunction<String, Section, S> reader,
      BiFunction<String, List<S>, T> join) {
    var below = new SchemaSection();
    for (var name : names) {
      below.properties.put(name, listOf(of(s -> reader.apply(name, s))));
    }
    properties.put(key, below.schema());
    return List.of();
  }

  @Override
  public Map<String, Object> free(String key, BiFunction<String, Object, Optional<String>> fault) {
    properties.put(key, Map.of("type", "object"));
    return Map.of();
  }

  @Override
  public boolean has(String key) {
    return false;
  }

  @Override
  public boolean isEmptyList(String key) {
    return false;
  }

  @Override
  public void skipOthers() {
    takesOthers = true;
  }

  @Override
  public void fault(String key, String message) {
    // Rules between keys are not described; the parser tells of them.
  }
}
