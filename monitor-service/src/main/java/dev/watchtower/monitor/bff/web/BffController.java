package dev.watchtower.monitor.bff.web;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.catalog.Escalation;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.SignalsBatch;
import dev.watchtower.monitor.auth.Accounts;
import dev.watchtower.monitor.fallback.discord.DiscordDesk;
import dev.watchtower.monitor.lastknown.LastKnown;
import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.probe.HealthView;
import dev.watchtower.monitor.statuspage.StatusBoard;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the dashboard asks of monitor itself, all of it from memory. */
@RestController
class BffController {
  /** Who is logged in. */
  record Me(String name, List<String> roles, List<String> scopes, boolean mustChangePassword) {}

  /** A rule, so that charts can show its limit. */
  record RuleView(
      String name,
      @Nullable String signal,
      @Nullable String comparison,
      @Nullable Double threshold,
      List<String> services,
      @Nullable String runbook) {
    static RuleView of(Catalog.Rule rule) {
      return new RuleView(
          rule.name(),
          rule.signal(),
          rule.comparison(),
          rule.threshold(),
          rule.services(),
          rule.runbook());
    }
  }

  /** The status page in a line. */
  record PageSummary(String indicator, String description) {}

  /**
   * Everything the overview begins with.
   *
   * @param catalogFaults the first faults of a newer edit that is refused; empty when there is none
   */
  record Overview(
      Instant asOf,
      List<Catalog.Service> services,
      List<RuleView> rules,
      Collection<SignalsBatch> signals,
      @Nullable Instant signalsAsOf,
      boolean signalsStale,
      List<HealthView> health,
      List<IncidentView> incidents,
      @Nullable Instant incidentsAsOf,
      boolean incidentsStale,
      PageSummary statusPage,
      List<DiscordDesk.ChannelState> waitingAlerts,
      List<String> catalogFaults) {}

  /** Who is told while nobody takes an incident up, as the catalog says. */
  record Policies(List<Escalation.Policy> policies) {}

  private final Accounts accounts;
  private final CatalogSource catalog;
  private final LastKnown known;
  private final HealthBoard health;
  private final StatusBoard status;
  private final DiscordDesk discord;
  private final Clock clock;

  BffController(
      Accounts accounts,
      CatalogSource catalog,
      LastKnown known,
      HealthBoard health,
      StatusBoard status,
      DiscordDesk discord,
      Clock clock) {
    this.accounts = accounts;
    this.catalog = catalog;
    this.known = known;
    this.health = health;
    this.status = status;
    this.discord = discord;
    this.clock = clock;
  }

  @GetMapping("/bff/me")
  Me me(HttpServletRequest request) {
    var account =
        accounts
            .find(String.valueOf(request.getRemoteUser()))
            .orElseThrow(
                () -> Problem.of(401, "unauthorized", "Log in first", "Log in at /login."));
    return new Me(
        account.name(),
        List.of(account.role().name()),
        account.role().scopes().stream().map(Scope::text).sorted().toList(),
        account.mustChange());
  }

  @GetMapping("/bff/health")
  List<HealthView> health() {
    return health.all();
  }

  @GetMapping("/bff/escalation")
  Policies escalation() {
    return new Policies(catalog.current().escalation().policies());
  }

  @GetMapping("/bff/overview")
  Overview overview() {
    var now = clock.instant();
    var current = catalog.current();
    var signals = known.freshness("ingest", now);
    var incidents = known.freshness("incident", now);
    var report = status.report(now);
    return new Overview(
        now,
        current.services(),
        current.rules().stream().map(RuleView::of).toList(),
        known.signals(),
        signals.asOf(),
        signals.stale(),
        health.all(),
        known.open(),
        incidents.asOf(),
        incidents.stale(),
        new PageSummary(report.indicator().word(), report.description()),
        discord.states(),
        catalog.state().firstFaults());
  }
}
