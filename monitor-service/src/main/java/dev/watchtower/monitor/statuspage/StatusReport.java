package dev.watchtower.monitor.statuspage;

import dev.watchtower.monitor.uptime.Shares;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the status page says. Two reports are equal when the page would look the same, so it holds
 * no running clock.
 *
 * @param indicator the worst of the components, and of the incidents that touch none of them
 * @param description the overall state in words
 * @param components in the catalog's order
 * @param unresolved incidents that are not over
 * @param recent all incidents that are kept, the newest first
 * @param maintenances planned work, the earliest first
 * @param today the newest day of the bars
 * @param staleSince since when incidents are not heard of; null while they are
 */
public record StatusReport(
    String title,
    String about,
    Indicator indicator,
    String description,
    List<Component> components,
    List<PublicIncident> unresolved,
    List<PublicIncident> recent,
    List<PublicMaintenance> maintenances,
    LocalDate today,
    @Nullable Instant staleSince,
    boolean stale) {
  /** Days on a bar. */
  public static final int DAYS = 90;

  public StatusReport {
    components = List.copyOf(components);
    unresolved = List.copyOf(unresolved);
    recent = List.copyOf(recent);
    maintenances = List.copyOf(maintenances);
  }

  /** The incidents that are kept, those first of which something was told last. */
  public List<PublicIncident> lastToldFirst() {
    return recent.stream()
        .sorted(Comparator.comparing(PublicIncident::updatedAt).reversed())
        .toList();
  }

  /** When a component, an incident or planned work last changed; empty if there are none. */
  public Optional<Instant> lastChange() {
    return Stream.of(
            components.stream().map(Component::changedAt),
            recent.stream().map(PublicIncident::updatedAt),
            maintenances.stream().map(work -> work.since(work.status())))
        .flatMap(Function.identity())
        .max(Comparator.naturalOrder());
  }

  /**
   * A component.
   *
   * @param changedAt when its status became what it is, or, while it is not measured, what it was
   *     last
   * @param uptime percent over the days of the bar, to three decimals; null when nothing was
   *     measured
   * @param days one for each day of the bar, oldest first
   */
  public record Component(
      String name,
      String description,
      ComponentStatus status,
      Instant changedAt,
      @Nullable String uptime,
      List<Day> days) {
    public Component {
      days = List.copyOf(days);
    }
  }

  /**
   * A day of a component, in whole minutes, so that it changes at most once a minute.
   *
   * @param measured minutes that were measured
   * @param degraded minutes of degraded service
   * @param down minutes of outage, in whole or in part; rounded up, so that none is hidden
   */
  public record Day(LocalDate date, long measured, long degraded, long down) {
    private static final long MINUTE = 60_000;

    static Day of(LocalDate date, Shares shares) {
      return new Day(
          date,
          (shares.measured() + MINUTE - 1) / MINUTE,
          (shares.degraded() + MINUTE - 1) / MINUTE,
          (shares.down() + MINUTE - 1) / MINUTE);
    }
  }
}
