package dev.watchtower.incident.postmortem;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The store of postmortems and action items. In the caller's transaction; thread-safe. */
public interface Postmortems {
  /** Asks for a draft at {@code at}; an earlier wish for the same incident is replaced. */
  void wish(UUID incident, Instant at);

  /** Incidents whose draft is due, at most {@code limit}. */
  List<UUID> due(Instant now, int limit);

  /** Forgets the wish for a draft; false if there is none. */
  boolean fulfilled(UUID incident);

  /** The newest revision. */
  Optional<Postmortem> newest(UUID incident);

  /** A revision. */
  Optional<Postmortem> revision(UUID incident, int revision);

  /** All revisions, the newest first; at most {@link Postmortem#MAX_REVISIONS}. */
  List<Postmortem> revisions(UUID incident);

  /** Keeps a revision. */
  void add(Postmortem revision);

  /** The incident's action items, the oldest first. */
  List<ActionItem> items(UUID incident);

  /** Keeps a new item. */
  ActionItem addItem(
      UUID incident,
      String text,
      @Nullable String owner,
      @Nullable LocalDate due,
      String by,
      Instant now);

  /** The item. */
  Optional<ActionItem> item(UUID id);

  /** Stores the item's text, owner, date and state. */
  void update(ActionItem item);

  /** Items below {@code below}, the newest first. */
  List<ActionItem> items(
      ActionItem.@Nullable State state, @Nullable String owner, @Nullable Long below, int limit);
}
