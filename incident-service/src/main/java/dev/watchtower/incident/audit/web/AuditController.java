package dev.watchtower.incident.audit.web;

import dev.watchtower.common.wire.PageOf;
import dev.watchtower.incident.audit.AuditEntry;
import dev.watchtower.incident.audit.AuditTrail;
import dev.watchtower.incident.audit.AuditTrail.Filter;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.lifecycle.web.Cursor;
import dev.watchtower.incident.lifecycle.web.Input;
import dev.watchtower.incident.timeline.Verification;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The audit trail, the newest entry first; for administrators. */
@RestController
@RequestMapping("/api/v1/audit")
class AuditController {
  private static final int USUAL_PAGE = 100;
  private static final int MAX_PAGE = 500;

  private final AuditTrail trail;
  private final Transactions transactions;

  AuditController(AuditTrail trail, Transactions transactions) {
    this.trail = trail;
    this.transactions = transactions;
  }

  @GetMapping
  PageOf<AuditEntry> list(
      @RequestParam(required = false) @Nullable String actor,
      @RequestParam(required = false) @Nullable Instant from,
      @RequestParam(required = false) @Nullable Instant to,
      @RequestParam(required = false) @Nullable String page,
      @RequestParam(required = false) @Nullable Integer limit) {
    int size = Cursor.limit(limit, USUAL_PAGE, MAX_PAGE);
    var filter =
        new Filter(actor, Input.time("from", from), Input.time("to", to), Cursor.position(page));
    var found = transactions.once(() -> trail.list(filter, size + 1));
    var items = found.stream().limit(size).toList();
    return new PageOf<>(items, found.size() > size ? Cursor.after(items.getLast().seq()) : null);
  }

  // Not in one transaction: the trail may be long, and entries do not change.
  @GetMapping("/verify")
  Verification verify() {
    return trail.verify();
  }
}
