package dev.watchtower.incident.statusupdate;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.StatusUpdate;
import dev.watchtower.common.wire.StatusUpdate.State;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.lifecycle.Outcome;
import dev.watchtower.incident.lifecycle.Transactions;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What people tell the public of an incident, also after its end. Each change is one transaction;
 * what is published stands on the timeline. Thread-safe.
 */
public final class StatusDesk {
  /** Most updates of one incident that people can make; those of the policy do not count. */
  public static final int MAX_UPDATES = 200;

  private final IncidentBook book;
  private final StatusUpdates updates;
  private final Transactions transactions;

  /** A desk. */
  public StatusDesk(IncidentBook book, StatusUpdates updates, Transactions transactions) {
    this.book = book;
    this.updates = updates;
    this.transactions = transactions;
  }

  /** All updates, in the order of making; empty if there is no such incident. */
  public Optional<List<StatusUpdate>> list(UUID id) {
    return transactions.once(() -> book.incidents().find(id).map(i -> updates.of(id)));
  }

  /** Writes a draft, or publishes at once. */
  public Outcome<StatusUpdate> write(
      UUID id, PublicWord word, String body, State state, Actor actor, Instant now) {
    return transactions.retrying(() -> {
      var incident = book.incidents().lock(id);
      if (incident.isEmpty()) {
        return new Outcome.Unknown<StatusUpdate>();
      }
      if (byPeople(id) >= MAX_UPDATES) {
        return new Outcome.Refused<StatusUpdate>(
            "An incident has at most %d status updates by people.".formatted(MAX_UPDATES));
      }
      boolean published = state == State.PUBLISHED;
      var update =
          new StatusUpdate(
              UUID.randomUUID(),
              word.word(),
              body,
              state,
              now,
              published ? now : null,
              actor.name());
      updates.add(id, update);
      if (published) {
        tell(incident.get(), update, actor, now);
      }
      return new Outcome.Done<>(update);
    });
  }

  private long byPeople(UUID id) {
    var policy = StatusWatch.ACTOR.name();
    return updates.of(id).stream().filter(update -> !update.by().equals(policy)).count();
  }

  /** Rewords a draft; it is the person's from then on. */
  public Outcome<StatusUpdate> reword(
      UUID id, UUID updateId, PublicWord word, String body, Actor actor) {
    return onDraft(
        id,
        updateId,
        (incident, draft) ->
            new StatusUpdate(
                draft.id(), word.word(), body, State.DRAFT, draft.createdAt(), null, actor.name()));
  }

  /** Publishes a draft. */
  public Outcome<StatusUpdate> publish(UUID id, UUID updateId, Actor actor, Instant now) {
    return onDraft(
        id,
        updateId,
        (incident, draft) -> {
          // A clock that was set back must not publish before the writing.
          var at = now.isBefore(draft.createdAt()) ? draft.createdAt() : now;
          var told = as(State.PUBLISHED, draft, at);
          tell(incident, told, actor, at);
          return told;
        });
  }

  /** Discards a draft. */
  public Outcome<StatusUpdate> discard(UUID id, UUID updateId) {
    return onDraft(id, updateId, (incident, draft) -> as(State.DISCARDED, draft, null));
  }

  private static StatusUpdate as(State state, StatusUpdate draft, @Nullable Instant publishedAt) {
    return new StatusUpdate(
        draft.id(),
        draft.status(),
        draft.body(),
        state,
        draft.createdAt(),
        publishedAt,
        draft.by());
  }

  private Outcome<StatusUpdate> onDraft(
      UUID id, UUID updateId, BiFunction<Incident, StatusUpdate, StatusUpdate> change) {
    return transactions.retrying(() -> {
      var incident = book.incidents().lock(id);
      if (incident.isEmpty()) {
        return new Outcome.Unknown<StatusUpdate>();
      }
      var known = updates.find(id, updateId);
      if (known.isEmpty()) {
        return new Outcome.Missing<StatusUpdate>(
            "There is no status update " + updateId + " of this incident.");
      }
      if (known.get().state() != State.DRAFT) {
        return new Outcome.Refused<StatusUpdate>(
            "This update is %s and does not change any more: write another one."
                .formatted(known.get().state().name().toLowerCase(Locale.ROOT)));
      }
      var after = change.apply(incident.get(), known.get());
      updates.store(after);
      return new Outcome.Done<>(after);
    });
  }

  // As a new version of the incident, so that nobody takes the one without the update for the
  // newest. A resolved one has no new versions; its readers look at the updates.
  private void tell(Incident incident, StatusUpdate update, Actor actor, Instant now) {
    var entry = StatusEntries.published(update, actor, now);
    if (incident.isResolved()) {
      var unused = book.note(incident.id(), entry);
    } else {
      var unused = book.save(incident, incident, List.of(entry), Cause.NONE);
    }
  }
}
