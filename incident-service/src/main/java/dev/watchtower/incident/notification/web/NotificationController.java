package dev.watchtower.incident.notification.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Caller;
import dev.watchtower.incident.audit.web.AuditNote;
import dev.watchtower.incident.lifecycle.web.Cursor;
import dev.watchtower.incident.lifecycle.web.Input;
import dev.watchtower.incident.notification.ChannelBoard;
import dev.watchtower.incident.notification.ChannelStatus;
import dev.watchtower.incident.notification.ChannelTester;
import dev.watchtower.incident.notification.Notice;
import dev.watchtower.incident.notification.NoticeDesk;
import dev.watchtower.incident.notification.NoticeDesk.Result;
import dev.watchtower.incident.notification.Notices;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/v1/notifications}: what waits and why, what was sent; to try again and to drop. */
@RestController
@RequestMapping("/api/v1/notifications")
class NotificationController {
  private static final int USUAL_PAGE = 50;
  private static final int MAX_PAGE = 200;
  private static final int MAX_REASON = 1_000;
  private static final int MAX_NAME = 100;

  /** A page of notices, the newest first, and how it stands with each channel. */
  record Page(List<ChannelStatus> channels, List<NoticeView> items, @Nullable String next) {}

  /** Why a notice is not to be sent. */
  record Drop(@Nullable String reason) {}

  /** Which channel to try out. */
  record Test(@Nullable String channel) {}

  private final Notices notices;
  private final ChannelBoard board;
  private final NoticeDesk desk;
  private final ChannelTester tester;
  private final Clock clock;

  NotificationController(
      Notices notices, ChannelBoard board, NoticeDesk desk, ChannelTester tester, Clock clock) {
    this.notices = notices;
    this.board = board;
    this.desk = desk;
    this.tester = tester;
    this.clock = clock;
  }

  @GetMapping
  Page list(
      @RequestParam(required = false) Notice.@Nullable State state,
      @RequestParam(required = false) @Nullable UUID incident,
      @RequestParam(required = false) @Nullable String page,
      @RequestParam(required = false) @Nullable Integer limit) {
    int size = Cursor.limit(limit, USUAL_PAGE, MAX_PAGE);
    var found = notices.list(state, incident, Cursor.position(page), size + 1);
    var first = notices.first();
    var items = found.stream().limit(size).map(n -> NoticeView.of(n, first)).toList();
    return new Page(
        board.channels(), items, found.size() > size ? Cursor.after(items.getLast().seq()) : null);
  }

  @PostMapping("/{id}/retry")
  NoticeView retry(@PathVariable UUID id) {
    return answer(id, desk.retry(id, Caller.actor(), clock.instant()));
  }

  @PostMapping("/{id}/drop")
  NoticeView drop(@PathVariable UUID id, @RequestBody Drop drop) {
    var reason = Input.line("reason", drop.reason(), MAX_REASON);
    return answer(id, desk.drop(id, reason, Caller.actor(), clock.instant()));
  }

  @PostMapping("/test")
  NoticeView test(@RequestBody Test test) {
    var channel = Input.line("channel", test.channel(), MAX_NAME);
    return switch (tester.test(UUID.randomUUID(), channel, Caller.actor().name())) {
      case ChannelTester.Result.Tried(var notice) -> NoticeView.of(notice);
      case ChannelTester.Result.Unknown() ->
          throw Problem.badField("channel", "the catalog has no such channel");
    };
  }

  private static NoticeView answer(UUID id, Result result) {
    return switch (result) {
      case Result.Done(var notice) -> {
        var incident = notice.incident();
        if (incident != null) {
          AuditNote.on(incident);
        }
        yield NoticeView.of(notice);
      }
      case Result.Unknown() -> throw Problem.notFound("There is no notification " + id + ".");
      case Result.Refused(var notice, var why) ->
          throw Problem.of(409, "notification-settled", "Not possible now", why)
              .with("state", notice.state());
    };
  }
}
