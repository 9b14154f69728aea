package dev.watchtower.incident.notification.web;

import dev.watchtower.incident.lifecycle.web.Cursor;
import dev.watchtower.incident.notification.ChannelStatus;
import dev.watchtower.incident.notification.Notice;
import dev.watchtower.incident.notification.Notices;
import dev.watchtower.incident.notification.ChannelBoard;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /api/v1/notifications}: what waits and why, and what was sent. */
@RestController
class NotificationController {
  private static final int USUAL_PAGE = 50;
  private static final int MAX_PAGE = 200;

  /** A page of notices, the newest first, and how it stands with each channel. */
  record Page(List<ChannelStatus> channels, List<Notice> items, @Nullable String next) {}

  private final Notices notices;
  private final ChannelBoard board;

  NotificationController(Notices notices, ChannelBoard board) {
    this.notices = notices;
    this.board = board;
  }

  @GetMapping("/api/v1/notifications")
  Page list(
      @RequestParam(required = false) Notice.@Nullable State state,
      @RequestParam(required = false) @Nullable UUID incident,
      @RequestParam(required = false) @Nullable String page,
      @RequestParam(required = false) @Nullable Integer limit) {
    int size = Cursor.limit(limit, USUAL_PAGE, MAX_PAGE);
    var found = notices.list(state, incident, Cursor.position(page), size + 1);
    var items = found.stream().limit(size).toList();
    return new Page(
        board.channels(), items, found.size() > size ? Cursor.after(items.getLast().seq()) : null);
  }
}
