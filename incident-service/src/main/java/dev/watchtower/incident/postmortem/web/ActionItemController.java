package dev.watchtower.incident.postmortem.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.incident.audit.web.AuditNote;
import dev.watchtower.incident.lifecycle.IncidentDesk;
import dev.watchtower.incident.lifecycle.web.Cursor;
import dev.watchtower.incident.lifecycle.web.Input;
import dev.watchtower.incident.lifecycle.web.Refusals;
import dev.watchtower.incident.postmortem.ActionItem;
import dev.watchtower.incident.postmortem.PostmortemDesk;
import dev.watchtower.incident.postmortem.Postmortems;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What is to be done after an incident: items with an owner, tracked until they are closed. */
@RestController
class ActionItemController {
  private static final int USUAL_PAGE = 50;
  private static final int MAX_PAGE = 200;
  private static final int MAX_OWNER = 200;

  /**
   * An item; when it is changed, what is absent stays as it is.
   *
   * @param owner empty for nobody
   * @param due a day; empty for none
   */
  record ItemRequest(
      @Nullable String text,
      @Nullable String owner,
      @Nullable String due,
      ActionItem.@Nullable State state) {}

  private final PostmortemDesk desk;
  private final Postmortems postmortems;
  private final IncidentDesk incidents;
  private final Clock clock;

  ActionItemController(
      PostmortemDesk desk, Postmortems postmortems, IncidentDesk incidents, Clock clock) {
    this.desk = desk;
    this.postmortems = postmortems;
    this.incidents = incidents;
    this.clock = clock;
  }

  @GetMapping("/api/v1/action-items")
  PageOf<ActionItem> list(
      @RequestParam(required = false) ActionItem.@Nullable State state,
      @RequestParam(required = false) @Nullable String owner,
      @RequestParam(required = false) @Nullable String page,
      @RequestParam(required = false) @Nullable Integer limit) {
    int size = Cursor.limit(limit, USUAL_PAGE, MAX_PAGE);
    var found = postmortems.items(state, owner, Cursor.position(page), size + 1);
    var items = found.stream().limit(size).toList();
    return new PageOf<>(items, found.size() > size ? Cursor.after(items.getLast().seq()) : null);
  }

  @PostMapping("/api/v1/incidents/{id}/action-items")
  @ResponseStatus(HttpStatus.CREATED)
  ActionItem add(@PathVariable UUID id, @RequestBody ItemRequest request) {
    var text = Input.line("text", request.text(), ActionItem.MAX_TEXT);
    var owner = Input.text("owner", request.owner(), MAX_OWNER).strip();
    if (incidents.find(id).isEmpty()) {
      throw Refusals.unknown(id);
    }
    return desk.addItem(
            id,
            text,
            owner.isEmpty() ? null : owner,
            Input.day("due", request.due()),
            Caller.actor(),
            clock.instant())
        .orElseThrow(() ->
            Problem.of(
                409,
                "too-many",
                "Too many action items",
                "An incident has at most %d: drop or join some.".formatted(ActionItem.MAX_ITEMS)));
  }

  @PutMapping("/api/v1/action-items/{id}")
  ActionItem change(@PathVariable UUID id, @RequestBody ItemRequest request) {
    var now = clock.instant();
    if (request.text() != null) {
      Input.line("text", request.text(), ActionItem.MAX_TEXT);
    }
    Input.text("owner", request.owner(), MAX_OWNER);
    var unused = Input.day("due", request.due());
    var item =
        desk.changeItem(id, before -> changed(before, request, now), Caller.actor(), now)
            .orElseThrow(() -> Problem.notFound("There is no action item " + id + "."));
    AuditNote.on(item.incident());
    return item;
  }

  private static ActionItem changed(ActionItem item, ItemRequest request, Instant now) {
    var owner = request.owner() == null ? item.owner() : request.owner().strip();
    var state = request.state() == null ? item.state() : request.state();
    var closed = item.state() == state ? item.closedAt() : now;
    return new ActionItem(
        item.id(),
        item.seq(),
        item.incident(),
        item.number(),
        request.text() == null ? item.text() : request.text().strip(),
        owner == null || owner.isEmpty() ? null : owner,
        request.due() == null ? item.due() : Input.day("due", request.due()),
        state,
        item.createdAt(),
        item.createdBy(),
        state == ActionItem.State.OPEN ? null : closed);
  }
}
