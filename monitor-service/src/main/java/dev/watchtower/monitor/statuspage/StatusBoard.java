package dev.watchtower.monitor.statuspage;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.monitor.lastknown.LastKnown;
import dev.watchtower.monitor.probe.HealthBoard;
import dev.watchtower.monitor.probe.HealthState;
import dev.watchtower.monitor.uptime.Condition;
import dev.watchtower.monitor.uptime.ConditionSource;
import dev.watchtower.monitor.uptime.Shares;
import dev.watchtower.monitor.uptime.UptimeHistory;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts the status page together from what is in memory: probes first, then incidents, whichever is
 * worse. Never waits. Safe for use by several threads.
 */
public final class StatusBoard implements ConditionSource {
  private final Supplier<Catalog> catalog;
  private final HealthBoard health;
  private final PublicIncidents incidents;
  private final UptimeHistory uptime;
  private final LastKnown known;
  private final Clock clock;
  private final ComponentChanges changes;

  /** A board over what the other parts of the service hold. */
  public StatusBoard(
      Supplier<Catalog> catalog,
      HealthBoard health,
      PublicIncidents incidents,
      UptimeHistory uptime,
      LastKnown known,
      ComponentChanges changes,
      Clock clock) {
    this.catalog = catalog;
    this.health = health;
    this.incidents = incidents;
    this.uptime = uptime;
    this.known = known;
    this.changes = changes;
    this.clock = clock;
  }

  /**
   * While incident-service is not heard, time counts by the probes alone: the page may go on
   * showing an incident that may be over, marked as old, but nobody knows that it lasts. What
   * nothing probes is not measured then.
   */
  @Override
  public Map<String, Condition> conditions() {
    var conditions = new LinkedHashMap<String, Condition>();
    var now = clock.instant();
    boolean stale = known.freshness("incident", now).stale();
    var unresolved = stale ? List.<PublicIncident>of() : incidents.unresolved();
    for (var component : catalog.get().statusPage().components()) {
      conditions.put(
          COMPONENT + component.name(), statusOf(component, unresolved, !stale, now).condition());
    }
    return conditions;
  }

  /** The report at {@code now}. */
  public StatusReport report(Instant now) {
    var page = catalog.get().statusPage();
    var unresolved = incidents.unresolved();
    var today = UptimeHistory.dayOf(now);
    var components = new ArrayList<StatusReport.Component>();
    var fresh = known.freshness("incident", now);
    var worst = ComponentStatus.OPERATIONAL;
    boolean unmeasured = false;
    for (var component : page.components()) {
      var status = statusOf(component, unresolved, !fresh.stale(), now);
      unmeasured |= status == ComponentStatus.UNKNOWN;
      worst = worse(worst, status);
      components.add(
          new StatusReport.Component(
              component.name(),
              component.description(),
              status,
              changes.of(component.name(), status, now),
              percent(component.name(), today),
              days(component.name(), today)));
    }
    worst = worse(worst, elsewhere(page, unresolved));
    return new StatusReport(
        page.title(),
        page.description(),
        Indicator.of(worst),
        words(worst, unmeasured),
        components,
        unresolved,
        incidents.all(),
        PublicWork.of(known.maintenance(), catalog.get(), now),
        today,
        fresh.stale() ? fresh.asOf() : null,
        fresh.stale());
  }

  private static ComponentStatus worse(ComponentStatus one, ComponentStatus other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /**
   * The worst of the incidents that no component of the page shows: what was published of one that
   * weighs (SEV1 to SEV3, not yet monitoring) must not stand below the words that all is well.
   */
  private static ComponentStatus elsewhere(
      Catalog.StatusPage page, List<PublicIncident> unresolved) {
    var shown =
        page.components().stream()
            .map(Catalog.StatusPage.Component::name)
            .collect(Collectors.toSet());
    return unresolved.stream()
        .filter(incident -> incident.components().stream().noneMatch(shown::contains))
        .map(PublicWords::effect)
        .max(Comparator.naturalOrder())
        .orElse(ComponentStatus.UNKNOWN);
  }

  /**
   * By probes and incidents. Where nothing probes any service of the component, incidents alone
   * tell: it is up while {@code heard}, that is while incident-service would tell of one.
   */
  private ComponentStatus statusOf(
      Catalog.StatusPage.Component component,
      List<PublicIncident> unresolved,
      boolean heard,
      Instant now) {
    int down = 0;
    boolean measured =
        heard && component.services().stream().noneMatch(s -> health.watches(s, component.env()));
    boolean planned = false;
    for (var service : component.services()) {
      if (PublicWork.covers(known.maintenance(), service, component.env(), now)) {
        // Planned work explains what becomes of this service, and of no other.
        planned = true;
        continue;
      }
      var state = health.ofService(service, component.env());
      down += state == HealthState.DOWN ? 1 : 0;
      measured |= state != HealthState.UNKNOWN;
    }
    var status =
        planned
            ? ComponentStatus.UNDER_MAINTENANCE
            : measured ? ComponentStatus.OPERATIONAL : ComponentStatus.UNKNOWN;
    if (down > 0) {
      status =
          down == component.services().size()
              ? ComponentStatus.MAJOR_OUTAGE
              : ComponentStatus.PARTIAL_OUTAGE;
    }
    for (var incident : unresolved) {
      var effect = PublicWords.effect(incident);
      // An incident without effect must not make something unmeasured look fine.
      if (incident.components().contains(component.name())
          && effect != ComponentStatus.OPERATIONAL
          && effect.compareTo(status) > 0
          && !isPlanned(incident, component, now)) {
        status = effect;
      }
    }
    return status;
  }

  /**
   * Whether planned work is going on with every service by which the incident touches the
   * component: what is taken down on purpose is found down, and that opens an incident.
   */
  private boolean isPlanned(
      PublicIncident incident, Catalog.StatusPage.Component component, Instant now) {
    var touched = component.services().stream().filter(incident.services()::contains).toList();
    return !touched.isEmpty()
        && touched.stream()
            .allMatch(s -> PublicWork.covers(known.maintenance(), s, component.env(), now));
  }

  private @Nullable String percent(String name, LocalDate today) {
    var ratio =
        uptime.sum(COMPONENT + name, today.minusDays(StatusReport.DAYS - 1L), today).uptime();
    if (ratio.isEmpty()) {
      return null;
    }
    // Rounded down: 99.9996 % must not show as 100 %.
    double percent = Math.floor(ratio.getAsDouble() * 100_000) / 1_000;
    return String.format(Locale.ROOT, percent == 100 ? "%.0f" : "%.3f", percent);
  }

  private List<StatusReport.Day> days(String name, LocalDate today) {
    return days(name, today.minusDays(StatusReport.DAYS - 1L), today);
  }

  /** What was measured of a component on each day in {@code [from, to]}, oldest first. */
  public List<StatusReport.Day> days(String name, LocalDate from, LocalDate to) {
    var measured = uptime.of(COMPONENT + name, from, to);
    return from.datesUntil(to.plusDays(1))
        .map(d -> StatusReport.Day.of(d, measured.getOrDefault(d, Shares.NONE)))
        .toList();
  }

  private static String words(ComponentStatus worst, boolean unmeasured) {
    return switch (worst) {
      case MAJOR_OUTAGE -> "Major Service Outage";
      case PARTIAL_OUTAGE -> "Partial System Outage";
      case DEGRADED -> "Partially Degraded Service";
      case UNDER_MAINTENANCE -> "Service Under Maintenance";
      case OPERATIONAL, UNKNOWN ->
          unmeasured ? "Checking: Not Everything Is Measured Yet" : "All Systems Operational";
    };
  }
}
