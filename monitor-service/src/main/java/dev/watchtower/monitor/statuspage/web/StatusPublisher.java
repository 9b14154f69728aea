package dev.watchtower.monitor.statuspage.web;

import dev.watchtower.common.lifecycle.Enduring;
import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.statuspage.StatusBoard;
import dev.watchtower.monitor.statuspage.StatusReport;
import dev.watchtower.monitor.uptime.UptimeHistory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.thymeleaf.context.Context;
import org.thymeleaf.spring6.SpringTemplateEngine;
import tools.jackson.databind.json.JsonMapper;

/**
 * Renders the status page whenever what it says has changed, and keeps the result: a request never
 * waits for anything. When rendering fails, the last page stays.
 */
@Component
class StatusPublisher implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(StatusPublisher.class);

  /** A document as it is sent. */
  record Document(String type, byte[] body, String etag) {}

  private record Edition(
      StatusReport report, Map<String, Document> documents, Map<YearMonth, Document> months) {}

  private final StatusBoard board;
  private final SpringTemplateEngine templates;
  private final JsonMapper json;
  private final String base;
  private final Clock clock;
  private volatile Edition current;
  private volatile boolean running;

  /** Its own while it runs: the other recurring tasks wait for peers and for the store. */
  private @Nullable ScheduledExecutorService thread;

  StatusPublisher(
      StatusBoard board,
      HealthBoard health,
      SpringTemplateEngine templates,
      JsonMapper json,
      @Value("${watchtower.public-url}") String base,
      Clock clock) {
    this.board = board;
    this.templates = templates;
    this.json = json;
    this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    this.clock = clock;
    this.current = render(board.report(clock.instant()), clock.instant());
    health.onResult((_, before, after, _) -> {
      if (before.state() != after.state()) {
        publish();
      }
    });
  }

  /** Renders anew if anything changed. */
  synchronized void publish() {
    try {
      var now = clock.instant();
      var report = board.report(now);
      if (!report.equals(current.report())) {
        current = render(report, now);
      }
    } catch (RuntimeException e) {
      // The page that is there is better than none.
      LOG.atError().setCause(e).log("the status page could not be rendered, the last one stays");
    }
  }

  /**
   * The document at {@code name}: {@code status}, {@code feed.atom}, {@code api/summary.json}, …
   */
  Optional<Document> document(String name) {
    return Optional.ofNullable(current.documents().get(name));
  }

  /** The history of a month; empty outside what is kept. */
  Optional<Document> history(YearMonth month) {
    var edition = current;
    var last = YearMonth.from(edition.report().today());
    var first = YearMonth.from(edition.report().today().minusDays(UptimeHistory.DAYS));
    if (month.isAfter(last) || month.isBefore(first)) {
      return Optional.empty();
    }
    return Optional.of(
        edition
            .months()
            .computeIfAbsent(
                month,
                m ->
                    html(
                        "status-history",
                        HistoryView.of(
                            edition.report(),
                            m,
                            name -> board.days(name, m.atDay(1), m.atEndOfMonth()),
                            base))));
  }

  /** The newest month there is. */
  YearMonth thisMonth() {
    return YearMonth.from(current.report().today());
  }

  private Edition render(StatusReport report, Instant now) {
    // Not now: a minute more that was measured is no change of what the page tells.
    var changedAt = report.lastChange().orElse(now);
    var documents = new HashMap<String, Document>();
    documents.put("status", html("status", PageView.of(report, changedAt, base)));
    var feeds = new Feeds(report, changedAt, base);
    documents.put("feed.atom", text("application/atom+xml;charset=UTF-8", feeds.atom()));
    documents.put("feed.rss", text("application/rss+xml;charset=UTF-8", feeds.rss()));
    documents.put("badge.svg", text("image/svg+xml;charset=UTF-8", Badge.svg(report)));
    new StatusJson(report, changedAt, base)
        .documents()
        .forEach((name, body) ->
            documents.put(
                "api/" + name,
                text("application/json;charset=UTF-8", json.writeValueAsString(body))));
    return new Edition(report, Map.copyOf(documents), new ConcurrentHashMap<>());
  }

  private Document html(String template, Object view) {
    var context = new Context();
    context.setVariable("page", view);
    return text("text/html;charset=UTF-8", templates.process(template, context));
  }

  private static Document text(String type, String text) {
    var body = text.getBytes(StandardCharsets.UTF_8);
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(body);
      return new Document(
          type, body, "\"" + HexFormat.of().formatHex(hash).substring(0, 24) + "\"");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public void start() {
    running = true;
    publish();
    var own =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("status-page").factory());
    thread = own;
    var unused =
        own.scheduleWithFixedDelay(
            Enduring.task("status page", this::publish), 1, 1, TimeUnit.SECONDS);
  }

  @Override
  public void stop() {
    running = false;
    if (thread != null) {
      thread.shutdown();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
