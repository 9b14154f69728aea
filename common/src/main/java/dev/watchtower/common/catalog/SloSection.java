package dev.watchtower.common.catalog;

import static dev.watchtower.common.catalog.Kind.TEXT;

import dev.watchtower.common.catalog.Section.NameSpace;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The reader of an SLO. */
final class SloSection {
  static final Kind<Duration> PERIOD = Kind.duration(Duration.ofDays(1), Slo.LONGEST_PERIOD);
  static final Kind<Duration> STEP = Kind.duration(Duration.ofSeconds(5), Duration.ofHours(1));
  static final Duration RESOLUTION = Duration.ofMinutes(1);

  private static final Kind<Double> PERCENT = Kind.number(0.001, 99.999);
  private static final Kind<Duration> RESOLUTIONS =
      Kind.duration(RESOLUTION, Duration.ofMinutes(10));

  private SloSection() {}

  static Slo slo(Section s) {
    var name = s.declare("name", NameSpace.SLO);
    if (s.has("events") == s.has("time")) {
      s.fault("events", "expected either events or time, which say what is good");
    }
    if (s.has("time") && s.has("min-traffic")) {
      s.fault("min-traffic", "is not for good time: that is looked at, however little happens");
    }
    Slo.Indicator events = s.section("events", e -> events(e, s.has("events")));
    Slo.Indicator time = s.section("time", t -> time(t, s.has("time")));
    return new Slo(
        name,
        s.orElse("title", TEXT, name),
        s.refer("service", NameSpace.SERVICE),
        s.refer("env", NameSpace.ENVIRONMENT),
        s.required("objective", PERCENT) / 100,
        s.orElse("period", PERIOD, Duration.ofDays(30)),
        s.has("time") ? time : events,
        s.optional("warm-up", Kind.duration(Duration.ZERO, Duration.ofDays(9))),
        s.orElse("min-traffic", Kind.number(0, 1e9), 0.0));
  }

  private static Slo.Events events(Section s, boolean given) {
    var good = s.optional("good", TEXT);
    var bad = s.optional("bad", TEXT);
    var total = s.optional("total", TEXT);
    var resolution = s.orElse("resolution", RESOLUTIONS, RESOLUTION);
    if (given && (good == null) == (bad == null)) {
      s.fault("good", "expected an expression for either good or bad events");
    }
    if (given && total == null) {
      s.fault("total", "expected an expression for all events, found nothing");
    }
    return new Slo.Events(
        bad == null ? orNone(good) : null, bad, orNone(total), wholeMinutes(s, resolution));
  }

  private static String orNone(@Nullable String expression) {
    return expression == null ? "vector(0)" : expression;
  }

  private static Duration wholeMinutes(Section s, Duration resolution) {
    if (Duration.ofHours(1).toMillis() % resolution.toMillis() != 0
        || resolution.toMillis() % RESOLUTION.toMillis() != 0) {
      s.fault("resolution", "expected whole minutes that divide an hour: 1m, 2m, 5m, 10m");
    }
    return resolution;
  }

  private static Slo.Time time(Section s, boolean given) {
    var expression = s.optional("expression", TEXT);
    if (given && expression == null) {
      s.fault("expression", "expected an expression, found nothing");
    }
    var limit = RuleSection.limit(s);
    if (given && limit == null) {
      s.fault("below", "expected the limit of good time: one of " + RuleSection.comparisonNames());
    }
    return new Slo.Time(
        orNone(expression),
        limit == null ? "<" : limit.comparison(),
        limit == null ? 0 : limit.value(),
        s.orElse("step", STEP, Duration.ofSeconds(30)));
  }
}
