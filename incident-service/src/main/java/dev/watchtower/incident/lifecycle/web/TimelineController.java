package dev.watchtower.incident.lifecycle.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.TimelineEntry;
import dev.watchtower.incident.lifecycle.IncidentDesk;
import dev.watchtower.incident.timeline.Timeline;
import dev.watchtower.incident.timeline.Verification;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The timeline of an incident, the oldest entry first; and people's notes on it. */
@RestController
@RequestMapping("/api/v1/incidents/{id}")
class TimelineController {
  private static final int USUAL_PAGE = 500;
  private static final int MAX_PAGE = 1000;
  private static final int MAX_NOTE = 20_000;

  /** A person's note, in Markdown. */
  record Note(@Nullable String text) {}

  private final IncidentDesk desk;
  private final Timeline timeline;
  private final Clock clock;

  TimelineController(IncidentDesk desk, Timeline timeline, Clock clock) {
    this.desk = desk;
    this.timeline = timeline;
    this.clock = clock;
  }

  @GetMapping("/timeline")
  PageOf<TimelineEntry> timeline(
      @PathVariable UUID id,
      @RequestParam(required = false) @Nullable String page,
      @RequestParam(required = false) @Nullable Integer limit) {
    int size = Cursor.limit(limit, USUAL_PAGE, MAX_PAGE);
    var after = Cursor.position(page);
    requireKnown(id);
    var found = timeline.entries(id, after == null ? 0 : after, size + 1);
    var items = found.stream().limit(size).toList();
    return new PageOf<>(items, found.size() > size ? Cursor.after(items.getLast().seq()) : null);
  }

  @GetMapping("/timeline/verify")
  Verification verify(@PathVariable UUID id) {
    requireKnown(id);
    return timeline.verify(id);
  }

  @PostMapping("/annotations")
  @ResponseStatus(HttpStatus.CREATED)
  TimelineEntry annotate(@PathVariable UUID id, @RequestBody Note note) {
    var text = Input.text("text", note.text(), MAX_NOTE);
    if (text.isBlank()) {
      throw Problem.badField("text", "must not be empty");
    }
    return desk.annotate(id, text, Caller.actor(), clock.instant())
        .orElseThrow(() -> Refusals.unknown(id));
  }

  private void requireKnown(UUID id) {
    if (desk.find(id).isEmpty()) {
      throw Refusals.unknown(id);
    }
  }
}
