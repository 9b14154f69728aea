package dev.watchtower.incident.postmortem;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.AnalysisView;
import dev.watchtower.common.wire.IncidentView.Task;
import dev.watchtower.common.wire.IncidentView.TaskState;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.timeline.Draft;
import dev.watchtower.incident.timeline.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Drafts and edits postmortems, one transaction each under the incident's lock, so that two editors
 * never overwrite one another. Thread-safe.
 */
public final class PostmortemDesk {
  private static final Actor DRAFTER = Actor.policy("postmortem");
  private static final int UNFOLDED = 200;
  private static final int MAX_TIMELINE = 2_000;
  private static final int BATCH = 20;
  private static final Duration RETRY = Duration.ofMinutes(1);

  /**
   * What a draft is made from besides the timeline.
   *
   * @param analyses the newest analysis of an incident
   * @param tasks the tasks of an incident; those still open become action items
   * @param callers the services that call one, directly or through others
   * @param impact asked before the transaction of a draft
   * @param verdicts asked before it too
   */
  public record Sources(
      Function<UUID, Optional<AnalysisView>> analyses,
      Function<UUID, List<Task>> tasks,
      Function<String, Set<String>> callers,
      Impact.Source impact,
      Verdicts.Source verdicts) {}

  /** What other services told, before the transaction of a draft. */
  private record Told(Impact impact, Verdicts verdicts) {}

  /** What became of an edit. */
  public sealed interface Edited {
    /** Stored as this revision. */
    record Stored(Postmortem postmortem) implements Edited {}

    /** Somebody else was faster: the newest revision is another one. */
    record Stale(Postmortem newest) implements Edited {}

    /** There is none yet: it is drafted when the incident resolves. */
    record NotYet(Incident incident) implements Edited {}

    /** Too many revisions. */
    record Full(Postmortem newest) implements Edited {}
  }

  private final Postmortems postmortems;
  private final IncidentBook book;
  private final Timeline timeline;
  private final Sources sources;
  private final Transactions transactions;

  /**
   * A desk.
   *
   * @param sources what a draft is made from besides the timeline
   */
  public PostmortemDesk(
      Postmortems postmortems,
      IncidentBook book,
      Timeline timeline,
      Sources sources,
      Transactions transactions) {
    this.postmortems = postmortems;
    this.book = book;
    this.timeline = timeline;
    this.sources = sources;
    this.transactions = transactions;
  }

  /**
   * Makes the drafts that are due; what people wrote is never overwritten. A failure stops none of
   * the others.
   *
   * @throws RuntimeException the first failure, with the others suppressed
   */
  public void draftDue(Instant now) {
    RuntimeException first = null;
    for (var id : transactions.once(() -> postmortems.due(now, BATCH))) {
      try {
        var told = told(id, now);
        transactions.retrying(() -> draftDue(id, told, now));
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
        postpone(id, now, first);
      }
    }
    if (first != null) {
      throw first;
    }
  }

  // What cannot be drafted now must neither keep others from it nor ask everybody each second.
  private void postpone(UUID id, Instant now, RuntimeException because) {
    try {
      transactions.once(() -> {
        postmortems.wish(id, now.plus(RETRY));
        return true;
      });
    } catch (RuntimeException e) {
      because.addSuppressed(e);
    }
  }

  private boolean draftDue(UUID id, Told told, Instant now) {
    var incident = book.incidents().lock(id).orElseThrow();
    // Under the lock: another process may have made the draft.
    if (postmortems.fulfilled(id)) {
      draft(incident, told, DRAFTER, now);
    }
    return true;
  }

  // Outside of every transaction: nothing is locked while another service thinks.
  private Told told(UUID id, Instant now) {
    return transactions
        .once(() -> book.incidents().find(id))
        .map(incident ->
            new Told(sources.impact().measure(spanOf(incident, now)), sources.verdicts().of(id)))
        .orElse(new Told(Impact.NONE, Verdicts.NONE));
  }

  private Impact.Span spanOf(Incident incident, Instant now) {
    var subject = incident.subject();
    var touched = new HashSet<>(Set.of(subject.service()));
    incident.signals().forEach(signal -> touched.add(signal.service()));
    Set.copyOf(touched).forEach(service -> touched.addAll(sources.callers().apply(service)));
    return ImpactSpan.of(incident, touched, now);
  }

  private Postmortem draft(Incident incident, Told told, Actor author, Instant now) {
    var text =
        new DraftText(
            incident,
            timeline.outline(incident.id(), UNFOLDED, MAX_TIMELINE),
            sources.analyses().apply(incident.id()),
            told.impact(),
            told.verdicts());
    var newest = postmortems.newest(incident.id());
    var base = newest.orElseGet(() -> new Postmortem(incident.id(), 0, Map.of(), author, now));
    var next = base.redrafted(text.sections(), author, now);
    if (newest.isPresent() && newest.get().sections().equals(next.sections())) {
      return newest.get();
    }
    postmortems.add(next);
    if (newest.isEmpty()) {
      text.suggestions()
          .forEach(s -> postmortems.addItem(incident.id(), s, null, null, author.name(), now));
      sources.tasks().apply(incident.id()).stream()
          .filter(task -> task.state() == TaskState.OPEN)
          .forEach(task ->
              postmortems.addItem(
                  incident.id(), task.text(), task.assignee(), null, author.name(), now));
    }
    note(incident.id(), author, "Postmortem drafted, revision " + next.revision(), next, now);
    return next;
  }

  private void note(UUID incident, Actor author, String summary, Postmortem written, Instant now) {
    book.note(
        incident,
        new Draft(
            now,
            TimelineKind.ANNOTATION,
            author,
            summary,
            Map.of("postmortemRevision", written.revision())));
  }

  /** The newest revision. */
  public Optional<Postmortem> newest(UUID incident) {
    return transactions.once(() -> postmortems.newest(incident));
  }

  /**
   * Stores a person's words as the next revision.
   *
   * @param seen the revision that the person has seen
   * @return what became of it; empty if there is no such incident
   */
  public Optional<Edited> edit(
      UUID id, int seen, Map<Section, String> edits, Actor person, Instant now) {
    return transactions.retrying(() -> {
      var incident = book.incidents().lock(id);
      if (incident.isEmpty()) {
        return Optional.empty();
      }
      var newest = postmortems.newest(id);
      return Optional.of(
          newest.isEmpty()
              ? new Edited.NotYet(incident.get())
              : edit(newest.get(), seen, edits, person, now));
    });
  }

  private Edited edit(
      Postmortem newest, int seen, Map<Section, String> edits, Actor person, Instant now) {
    if (newest.revision() != seen) {
      return new Edited.Stale(newest);
    }
    var next = newest.edited(edits, person, now);
    if (next.sections().equals(newest.sections())) {
      return new Edited.Stored(newest);
    }
    if (next.revision() > Postmortem.MAX_REVISIONS) {
      return new Edited.Full(newest);
    }
    postmortems.add(next);
    note(newest.incident(), person, "Postmortem edited, revision " + next.revision(), next, now);
    return new Edited.Stored(next);
  }

  /** Drafts again at a person's wish, also of an incident that lasts; keeps what people wrote. */
  public Optional<Postmortem> redraft(UUID id, Actor person, Instant now) {
    var told = told(id, now);
    return transactions.retrying(
        () -> book.incidents().lock(id).map(incident -> draft(incident, told, person, now)));
  }

  /**
   * Adds an action item.
   *
   * @return it; empty if there is no such incident, or it has too many
   */
  public Optional<ActionItem> addItem(
      UUID id,
      String text,
      @Nullable String owner,
      @Nullable LocalDate due,
      Actor person,
      Instant now) {
    return transactions.retrying(() -> {
      var incident = book.incidents().lock(id);
      if (incident.isEmpty() || postmortems.items(id).size() >= ActionItem.MAX_ITEMS) {
        return Optional.empty();
      }
      var item = postmortems.addItem(id, text, owner, due, person.name(), now);
      note(item, "Action item: " + text, person, now);
      return Optional.of(item);
    });
  }

  /**
   * Changes an action item.
   *
   * @return it as stored; empty if there is none
   */
  public Optional<ActionItem> changeItem(
      UUID id, Function<ActionItem, ActionItem> change, Actor person, Instant now) {
    return transactions.retrying(() -> {
      var seen = postmortems.item(id);
      if (seen.isEmpty()) {
        return Optional.empty();
      }
      book.incidents().lock(seen.get().incident());
      var before = postmortems.item(id).orElseThrow();
      var after = change.apply(before);
      if (!after.equals(before)) {
        postmortems.update(after);
        note(after, "Action item %s: %s".formatted(word(before, after), after.text()), person, now);
      }
      return Optional.of(after);
    });
  }

  private static String word(ActionItem before, ActionItem after) {
    if (before.state() == after.state()) {
      return "changed";
    }
    return switch (after.state()) {
      case OPEN -> "opened again";
      case DONE -> "done";
      case DROPPED -> "dropped";
    };
  }

  private void note(ActionItem item, String summary, Actor person, Instant now) {
    var data = new LinkedHashMap<String, Object>();
    data.put("actionItem", item.id().toString());
    data.put("state", item.state().name());
    if (item.owner() != null) {
      data.put("owner", item.owner());
    }
    book.note(item.incident(), new Draft(now, TimelineKind.ANNOTATION, person, summary, data));
  }
}
