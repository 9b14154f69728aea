package dev.watchtower.incident.mute.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Caller;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.IncidentDesk;
import dev.watchtower.incident.lifecycle.Incidents.Filter;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.lifecycle.web.Cursor;
import dev.watchtower.incident.mute.Matchers;
import dev.watchtower.incident.mute.MuteDesk;
import dev.watchtower.incident.mute.MutePolicy;
import dev.watchtower.incident.mute.MuteRule;
import dev.watchtower.incident.mute.Mutes;
import dev.watchtower.incident.mute.Muting;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/silences}, {@code /api/v1/maintenance-windows} and what they mute. */
@RestController
class MuteController {
  private static final int USUAL_PAGE = 50;
  private static final int MAX_PAGE = 200;
  private static final int MAX_PREVIEW = 200;

  /**
   * An unresolved incident that is muted, or would be.
   *
   * @param muted how many of its firing signals (of an incident without one: the incident itself)
   *     are covered
   * @param all whether that, with what is muted anyway, is all there is, so that nobody is told
   * @param told whether people were told already: its card and messages go on, whatever is covered
   * @param stepsWait whether all there is of one that people were told of is covered, so that steps
   *     of its escalation wait until that ends
   */
  record Covered(
      UUID id,
      long number,
      String title,
      String service,
      String env,
      IncidentState state,
      Severity severity,
      int muted,
      boolean all,
      boolean told,
      boolean stepsWait) {}

  /**
   * What a silence or window would mute now.
   *
   * @param incidents how many unresolved ones were looked at, the newest
   * @param wouldMute of how many nobody would be told
   * @param complete whether these were all
   * @param told of how many of the items people were told already: of these only steps of their
   *     escalations wait
   */
  record Preview(int incidents, int wouldMute, List<Covered> items, boolean complete, int told) {}

  /** An incident that nobody was told of. */
  record HeldView(
      UUID incident,
      long number,
      String title,
      Muting.Kind kind,
      String cause,
      String why,
      Instant since,
      @Nullable Instant until) {}

  private final Mutes mutes;
  private final MuteDesk muting;
  private final IncidentDesk desk;
  private final Transactions transactions;
  private final Clock clock;

  MuteController(
      Mutes mutes, MuteDesk muting, IncidentDesk desk, Transactions transactions, Clock clock) {
    this.mutes = mutes;
    this.muting = muting;
    this.desk = desk;
    this.transactions = transactions;
    this.clock = clock;
  }

  @PostMapping("/api/v1/silences")
  @ApiResponse(responseCode = "201", useReturnTypeSchema = true)
  ResponseEntity<MuteView> silence(@RequestBody MuteRequest request) {
    return add(MuteRule.Kind.SILENCE, request);
  }

  @PostMapping("/api/v1/maintenance-windows")
  @ApiResponse(responseCode = "201", useReturnTypeSchema = true)
  ResponseEntity<MuteView> window(@RequestBody MuteRequest request) {
    return add(MuteRule.Kind.MAINTENANCE, request);
  }

  private ResponseEntity<MuteView> add(MuteRule.Kind kind, MuteRequest request) {
    var now = clock.instant();
    var matchers = request.checkedMatchers();
    var reason = request.checkedReason();
    var schedule = request.checkedSchedule(kind, now);
    var author = Caller.actor().name();
    var rule =
        transactions.retrying(() -> {
          long current = mutes.current(now).stream().filter(r -> r.kind() == kind).count();
          if (current >= Mutes.MAX_CURRENT) {
            throw Problem.of(
                409,
                "too-many",
                "Too many of them",
                "At most %d can wait or be in force: end some first.".formatted(Mutes.MAX_CURRENT));
          }
          return mutes.add(kind, matchers, schedule, author, reason, now);
        });
    return ResponseEntity.created(URI.create(path(kind) + "/" + rule.id()))
        .body(MuteView.of(rule, now));
  }

  private static String path(MuteRule.Kind kind) {
    return kind == MuteRule.Kind.SILENCE ? "/api/v1/silences" : "/api/v1/maintenance-windows";
  }

  @GetMapping("/api/v1/silences")
  PageOf<MuteView> silences(
      @RequestParam(defaultValue = "false") boolean current,
      @RequestParam(required = false) @Nullable String page,
      @RequestParam(required = false) @Nullable Integer limit) {
    return list(MuteRule.Kind.SILENCE, current, page, limit);
  }

  @GetMapping("/api/v1/maintenance-windows")
  PageOf<MuteView> windows(
      @RequestParam(defaultValue = "false") boolean current,
      @RequestParam(required = false) @Nullable String page,
      @RequestParam(required = false) @Nullable Integer limit) {
    return list(MuteRule.Kind.MAINTENANCE, current, page, limit);
  }

  private PageOf<MuteView> list(
      MuteRule.Kind kind, boolean current, @Nullable String page, @Nullable Integer limit) {
    int size = Cursor.limit(limit, USUAL_PAGE, MAX_PAGE);
    var now = clock.instant();
    var found = mutes.list(kind, current ? now : null, Cursor.position(page), size + 1);
    return new PageOf<>(
        found.stream().limit(size).map(rule -> MuteView.of(rule, now)).toList(),
        found.size() > size ? Cursor.after(found.get(size - 1).seq()) : null);
  }

  @GetMapping("/api/v1/silences/{id}")
  MuteView silence(@PathVariable UUID id) {
    return MuteView.of(require(MuteRule.Kind.SILENCE, id), clock.instant());
  }

  @GetMapping("/api/v1/maintenance-windows/{id}")
  MuteView window(@PathVariable UUID id) {
    return MuteView.of(require(MuteRule.Kind.MAINTENANCE, id), clock.instant());
  }

  @DeleteMapping("/api/v1/silences/{id}")
  MuteView endSilence(@PathVariable UUID id) {
    return end(MuteRule.Kind.SILENCE, id);
  }

  @DeleteMapping("/api/v1/maintenance-windows/{id}")
  MuteView endWindow(@PathVariable UUID id) {
    return end(MuteRule.Kind.MAINTENANCE, id);
  }

  // It stays on record; ending it twice changes nothing.
  private MuteView end(MuteRule.Kind kind, UUID id) {
    require(kind, id);
    var by = Caller.actor().name();
    transactions.retrying(() -> mutes.end(id, by, clock.instant()));
    return MuteView.of(require(kind, id), clock.instant());
  }

  private MuteRule require(MuteRule.Kind kind, UUID id) {
    return mutes
        .find(id)
        .filter(rule -> rule.kind() == kind)
        .orElseThrow(() -> Problem.notFound("There is no " + word(kind) + " " + id + "."));
  }

  private static String word(MuteRule.Kind kind) {
    return kind == MuteRule.Kind.SILENCE ? "silence" : "maintenance window";
  }

  @PostMapping({"/api/v1/silences/preview", "/api/v1/maintenance-windows/preview"})
  Preview preview(@RequestBody MuteRequest request) {
    var matchers = request.checkedMatchers();
    var open = EnumSet.complementOf(EnumSet.of(IncidentState.RESOLVED));
    var filter = new Filter(open, Set.of(), null, null, null, null, null);
    var newest = desk.list(filter, MAX_PREVIEW + 1);
    var unresolved = newest.stream().limit(MAX_PREVIEW).toList();
    var now = clock.instant();
    var covered = transactions.once(() -> covered(unresolved, matchers, now));
    int muted = (int) covered.stream().filter(Covered::all).count();
    int told = (int) covered.stream().filter(Covered::told).count();
    return new Preview(unresolved.size(), muted, covered, newest.size() == unresolved.size(), told);
  }

  private List<Covered> covered(List<Incident> unresolved, Matchers matchers, Instant now) {
    var covered = new ArrayList<Covered>();
    var muted = muting.mutedWith(matchers, now);
    for (var incident : unresolved) {
      long hits = MutePolicy.targetsOf(incident).stream().filter(matchers::matches).count();
      if (hits > 0) {
        covered.add(covered(incident, (int) hits, muted.test(incident)));
      }
    }
    return covered;
  }

  private Covered covered(Incident incident, int hits, boolean all) {
    boolean told = muting.isTold(incident.id());
    return new Covered(
        incident.id(),
        incident.number(),
        incident.subject().title(),
        incident.subject().service(),
        incident.subject().env(),
        incident.state(),
        incident.severity(),
        hits,
        all && !told,
        told,
        all && told);
  }

  /** The unresolved incidents that nobody was told of, and why. */
  @GetMapping("/api/v1/muted")
  PageOf<HeldView> muted() {
    var items =
        mutes.held(MAX_PAGE).stream()
            .flatMap(held -> desk.find(held.incident()).map(i -> held(held, i)).stream())
            .toList();
    return new PageOf<>(items, null);
  }

  private static HeldView held(Mutes.Held held, Incident incident) {
    var muting = held.muting();
    return new HeldView(
        incident.id(),
        incident.number(),
        incident.subject().title(),
        muting.kind(),
        muting.cause(),
        muting.why(),
        held.since(),
        muting.until());
  }
}
