package dev.watchtower.common.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One mapping of the catalog, as the readers in {@link CatalogSections} see it. Reading never
 * fails: a fault is noted and a sample stands in, so that all faults are found at once. The same
 * readers run over a {@link SchemaSection} to describe the file to editors.
 */
sealed interface Section permits YamlSection, SchemaSection {
  /** The value of a key that must be there. */
  <T> T required(String key, Kind<T> kind);

  /** The value of a key, or {@code fallback} when it is absent or null. */
  <T> T orElse(String key, Kind<T> kind, T fallback);

  /** The value of a key, or null. */
  <T> @Nullable T optional(String key, Kind<T> kind);

  /** A list of values; {@code fallback} when it is absent. */
  <T> List<T> list(String key, Kind<T> kind, List<T> fallback);

  /** A name that other sections refer to and that must be unique in its space. */
  default String declare(String key, NameSpace space) {
    return declare(key, space, Kind.NAMED);
  }

  /** The same, for names of another kind. */
  String declare(String key, NameSpace space, Kind<String> kind);

  /** A list of names that other sections refer to; several sections may declare the same. */
  List<String> declareAll(String key, NameSpace space);

  /** A reference that must be there. */
  String refer(String key, NameSpace space);

  /** A reference, or null. */
  @Nullable String referOptional(String key, NameSpace space);

  /** A list of references; {@code *} is allowed when the fallback has it. */
  List<String> referAll(String key, NameSpace space, List<String> fallback);

  /** A mapping below this one; read as empty when it is absent. */
  <T> T section(String key, Function<Section, T> reader);

  /** A list of mappings; empty when it is absent. */
  <T> List<T> sections(String key, Function<Section, T> reader);

  /** A mapping from known names, each declared in {@code space}, to lists of mappings. */
  <S, T> List<T> named(
      String key,
      NameSpace space,
      List<String> names,
      BiFunction<String, Section, S> reader,
      BiFunction<String, List<S>, T> join);

  /** A mapping with keys of the writer's choice and plain values. */
  default Map<String, Object> free(String key) {
    return free(key, (_, _) -> Optional.empty());
  }

  /** The same; {@code fault} says what is wrong with a key and its value. */
  Map<String, Object> free(String key, BiFunction<String, Object, Optional<String>> fault);

  /** Whether the key is there and not null. */
  boolean has(String key);

  /** Whether the key has a list without items. */
  boolean isEmptyList(String key);

  /** Has the key taken as known without reading what is below it. */
  default void skip(String key) {
    var unused = has(key);
  }

  /** Has all keys that are not read taken as known: their names are the writer's choice. */
  void skipOthers();

  /** Notes a fault at the key's value, or at the section where the key is absent. */
  void fault(String key, String message);

  /** What names are declared and referred to. */
  enum NameSpace {
    SERVICE("service"),
    ENVIRONMENT("environment"),
    SIGNAL("golden signal"),
    RULE("rule"),
    SLO("SLO"),
    PROBE("probe"),
    COMPONENT("component"),
    CHANNEL("channel"),
    INTERVAL("interval"),
    ROTATION("rotation"),
    POLICY("escalation policy"),
    COMMAND("command"),
    PLAYBOOK("playbook"),
    EXPERIMENT("experiment");

    private final String title;

    NameSpace(String title) {
      this.title = title;
    }

    /** In messages. */
    String title() {
      return title;
    }
  }
}
