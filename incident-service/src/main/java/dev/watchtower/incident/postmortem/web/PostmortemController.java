package dev.watchtower.incident.postmortem.web;

import dev.watchtower.common.problem.Fields;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentDesk;
import dev.watchtower.incident.lifecycle.web.Input;
import dev.watchtower.incident.lifecycle.web.Refusals;
import dev.watchtower.incident.postmortem.Postmortem;
import dev.watchtower.incident.postmortem.PostmortemDesk;
import dev.watchtower.incident.postmortem.PostmortemDesk.Edited;
import dev.watchtower.incident.postmortem.Postmortems;
import dev.watchtower.incident.postmortem.Section;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/incidents/{id}/postmortem}, as JSON and as Markdown. */
@RestController
@RequestMapping("/api/v1/incidents/{id}/postmortem")
class PostmortemController {
  /**
   * A person's words.
   *
   * @param revision the one that the person has seen
   * @param sections by name; those left out stay as they are
   */
  record Edit(@Nullable Integer revision, @Nullable Map<String, @Nullable String> sections) {}

  /** A revision without its text. */
  record RevisionLine(int revision, Actor author, Instant at) {}

  private final PostmortemDesk desk;
  private final Postmortems postmortems;
  private final IncidentDesk incidents;
  private final Clock clock;

  PostmortemController(
      PostmortemDesk desk, Postmortems postmortems, IncidentDesk incidents, Clock clock) {
    this.desk = desk;
    this.postmortems = postmortems;
    this.incidents = incidents;
    this.clock = clock;
  }

  @GetMapping(produces = "application/json")
  PostmortemView get(
      @PathVariable UUID id, @RequestParam(required = false) @Nullable Integer revision) {
    var incident = incident(id);
    return view(incident, find(incident, revision));
  }

  @GetMapping(produces = "text/markdown;charset=UTF-8")
  String markdown(
      @PathVariable UUID id, @RequestParam(required = false) @Nullable Integer revision) {
    var incident = incident(id);
    return Markdown.of(incident, find(incident, revision), postmortems.items(id));
  }

  @GetMapping(path = "/revisions", produces = "application/json")
  PageOf<RevisionLine> revisions(@PathVariable UUID id) {
    incident(id);
    return new PageOf<>(
        postmortems.revisions(id).stream()
            .map(r -> new RevisionLine(r.revision(), r.author(), r.at()))
            .toList(),
        null);
  }

  @PutMapping(produces = "application/json")
  PostmortemView edit(@PathVariable UUID id, @RequestBody Edit edit) {
    if (edit.revision() == null) {
      throw Problem.badField("revision", "expected the revision that you have seen");
    }
    var edits = edits(edit.sections());
    var edited =
        desk.edit(id, edit.revision(), edits, Caller.actor(), clock.instant())
            .orElseThrow(() -> Refusals.unknown(id));
    return switch (edited) {
      case Edited.Stored stored -> view(incident(id), stored.postmortem());
      case Edited.Stale stale ->
          throw Problem.of(
                  409,
                  "stale-version",
                  "Somebody else was faster",
                  "The newest revision is %d, by %s. Look at it, then put your words in again."
                      .formatted(stale.newest().revision(), stale.newest().author().name()))
              .with("revision", stale.newest().revision());
      case Edited.NotYet n -> throw notYet(n.incident(), 409);
      case Edited.Full full ->
          throw Problem.of(
              409,
              "too-many",
              "Too many revisions",
              "A postmortem has at most %d revisions.".formatted(Postmortem.MAX_REVISIONS));
    };
  }

  private static Map<Section, String> edits(@Nullable Map<String, @Nullable String> sections) {
    if (sections == null || sections.isEmpty()) {
      throw Problem.badField("sections", "expected at least one section");
    }
    var known =
        Stream.of(Section.values()).collect(Collectors.toMap(Section::key, section -> section));
    var edits = new EnumMap<Section, String>(Section.class);
    sections.forEach((name, text) -> {
      var path = "sections." + name;
      var section = known.get(name);
      if (section == null) {
        throw Problem.badField(
            path,
            "expected one of "
                + Stream.of(Section.values()).map(Section::key).collect(Collectors.joining(", ")));
      }
      // What is left out stays as it is; a null would say neither that nor that it is to be empty.
      edits.put(section, Input.text(path, Fields.notNull(path, text), Postmortem.MAX_TEXT));
    });
    return edits;
  }

  @PostMapping(path = "/redraft", produces = "application/json")
  PostmortemView redraft(@PathVariable UUID id) {
    var incident = incident(id);
    if (!incident.isResolved()) {
      throw notYet(incident, 409);
    }
    return desk.redraft(id, Caller.actor(), clock.instant())
        .map(written -> view(incident, written))
        .orElseThrow(() -> Refusals.unknown(id));
  }

  private Incident incident(UUID id) {
    return incidents.find(id).orElseThrow(() -> Refusals.unknown(id));
  }

  private PostmortemView view(Incident incident, Postmortem postmortem) {
    return PostmortemView.of(incident, postmortem, postmortems.items(incident.id()));
  }

  private Postmortem find(Incident incident, @Nullable Integer revision) {
    var found =
        revision == null
            ? desk.newest(incident.id())
            : postmortems.revision(incident.id(), revision);
    return found.orElseThrow(() ->
        revision == null
            ? notYet(incident, 404)
            : Problem.notFound("There is no revision " + revision + "."));
  }

  private static Problem notYet(Incident incident, int status) {
    return Problem.of(
        status,
        "no-postmortem",
        "There is no postmortem yet",
        "Incident #%d is %s: its postmortem is drafted when it resolves."
            .formatted(incident.number(), incident.state()));
  }
}
