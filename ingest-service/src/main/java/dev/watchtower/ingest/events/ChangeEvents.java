package dev.watchtower.ingest.events;

import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.ingest.golden.EnvNames;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The stored change events. Thread-safe. */
public interface ChangeEvents {

  /**
   * What to look for; null parts match everything.
   *
   * @param service also gives events that name no service
   * @param env also gives events that name no environment, or call it otherwise
   * @param kind what their type says
   * @param from first time, included
   * @param to last time, included
   * @param after the last event of the page before; null for the first page
   */
  record Search(
      @Nullable String service,
      @Nullable EnvNames env,
      @Nullable Kind kind,
      Instant from,
      Instant to,
      @Nullable Cursor after,
      int limit) {}

  /**
   * Events whose type says what was done to a service; those that name no service are not found.
   *
   * @param types whole types
   * @param words parts of types, between dots
   */
  record Kind(Set<String> types, Set<String> words) {
    public Kind {
      types = Set.copyOf(types);
      words = Set.copyOf(words);
    }

    /** Whether a type is of this kind. */
    public boolean matches(String type) {
      return types.contains(type) || Stream.of(type.split("\\.", -1)).anyMatch(words::contains);
    }
  }

  /** Where a page ended. */
  record Cursor(Instant time, String source, String id) {}

  /**
   * Stores events; those whose source and id are known already change nothing.
   *
   * @return how many were new
   */
  int add(List<ReceivedEvent> events);

  /**
   * The events of that id, newest first; those of a blind run only after it has ended.
   *
   * @param source null for any: ids are unique to their source only
   */
  List<ChangeEvent> byId(String id, @Nullable String source);

  /**
   * Deletes the events of before a time.
   *
   * @return how many there were
   */
  int deleteBefore(Instant time);

  /** The events found, newest first; those of a blind run only after it has ended. */
  List<ChangeEvent> find(Search search);
}
