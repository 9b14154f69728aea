package dev.watchtower.monitor.statuspage;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.monitor.lastknown.MaintenanceWindow;
import dev.watchtower.monitor.lastknown.MaintenanceWindow.Span;
import dev.watchtower.monitor.statuspage.PublicMaintenance.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts planned work into public words: never its reason or its author. The clock decides how it
 * stands, so that a copy stays true while incident-service is away. Pure.
 */
public final class PublicWork {
  /** Work that is over is told of for so long. */
  private static final Duration TOLD = Duration.ofDays(14);

  private PublicWork() {}

  /** What the public is told of {@code windows} at {@code now}, the earliest first. */
  public static List<PublicMaintenance> of(
      List<MaintenanceWindow> windows, Catalog catalog, Instant now) {
    return windows.stream()
        .flatMap(window -> {
          var components = componentsOf(window, catalog);
          return components.isEmpty()
              ? List.<PublicMaintenance>of().stream()
              : stretches(window).stream()
                  .map(span -> told(window, span, components, now))
                  .filter(m -> m.until().isAfter(now.minus(TOLD)));
        })
        .sorted(Comparator.comparing(PublicMaintenance::from).thenComparing(PublicMaintenance::id))
        .toList();
  }

  /** Whether planned work on {@code service} is going on. */
  public static boolean covers(
      List<MaintenanceWindow> windows, String service, String env, Instant now) {
    return windows.stream()
        .filter(w -> fits(w.environments(), env) && fits(w.services(), service))
        .flatMap(w -> stretches(w).stream())
        .anyMatch(span -> !now.isBefore(span.from()) && now.isBefore(span.to()));
  }

  // Of what recurs the stretches around now are known, and those of the last two weeks.
  private static List<Span> stretches(MaintenanceWindow window) {
    var spans = new ArrayList<Span>();
    if (window.recurring()) {
      var past = window.past();
      (past == null ? List.<Span>of() : past).forEach(span -> add(spans, span, window));
      add(spans, window.active(), window);
      add(spans, window.next(), window);
    } else {
      var to = window.endsAt();
      add(spans, to == null ? null : new Span(window.startsAt(), to), window);
    }
    return spans;
  }

  private static void add(List<Span> spans, @Nullable Span span, MaintenanceWindow window) {
    if (span == null) {
      return;
    }
    var ended = window.endedAt();
    if (ended == null || !ended.isBefore(span.to())) {
      spans.add(span);
    } else if (ended.isAfter(span.from())) {
      spans.add(new Span(span.from(), ended));
    }
    // Ended before it began: called off, nothing to tell.
  }

  private static PublicMaintenance told(
      MaintenanceWindow window, Span span, List<String> components, Instant now) {
    var status =
        now.isBefore(span.from())
            ? Status.SCHEDULED
            : now.isBefore(span.to()) ? Status.IN_PROGRESS : Status.COMPLETED;
    var id =
        UUID.nameUUIDFromBytes((window.id() + "/" + span.from()).getBytes(StandardCharsets.UTF_8));
    return new PublicMaintenance(
        id, status, components, span.from(), span.to(), window.createdAt());
  }

  private static List<String> componentsOf(MaintenanceWindow window, Catalog catalog) {
    return catalog.statusPage().components().stream()
        .filter(c -> fits(window.environments(), c.env()))
        .filter(c -> c.services().stream().anyMatch(s -> fits(window.services(), s)))
        .map(Catalog.StatusPage.Component::name)
        .toList();
  }

  private static boolean fits(List<String> patterns, String name) {
    return patterns.isEmpty() || patterns.stream().anyMatch(p -> matches(p, name));
  }

  private static boolean matches(String pattern, String name) {
    var regex = new StringBuilder();
    for (var part : pattern.split("\\*", -1)) {
      regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
    }
    return Pattern.matches(regex.toString(), name);
  }
}
