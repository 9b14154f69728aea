package dev.watchtower.common.catalog;

import static dev.watchtower.common.catalog.CatalogSections.SEVERITY;

import dev.watchtower.common.catalog.Escalation.Layer;
import dev.watchtower.common.catalog.Escalation.Policy;
import dev.watchtower.common.catalog.Escalation.Rotation;
import dev.watchtower.common.catalog.Escalation.StandIn;
import dev.watchtower.common.catalog.Escalation.Step;
import dev.watchtower.common.catalog.Section.NameSpace;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The reader of {@code escalation}. */
final class EscalationSection {
  private static final Kind<String> PERSON = Kind.NAMED;
  static final Kind<ZoneId> ZONE =
      time("a time zone such as Europe/Berlin", ZoneId::of, ZoneOffset.UTC);
  private static final Kind<LocalDateTime> WALL_CLOCK =
      time(
          "a date and time such as 2026-01-05T09:00",
          LocalDateTime::parse,
          LocalDateTime.parse("2026-01-05T09:00"));
  static final Kind<LocalTime> TIME_OF_DAY =
      time("a time of day such as \"08:00\"", LocalTime::parse, LocalTime.NOON);
  private static final Kind<Instant> INSTANT =
      time("an instant such as 2026-01-05T09:00:00Z", Instant::parse, Instant.EPOCH);
  static final Kind<DayOfWeek> DAY =
      Kind.word(
          Arrays.stream(DayOfWeek.values())
              .collect(Collectors.toMap(d -> d.name().toLowerCase(Locale.ROOT), d -> d)));

  private EscalationSection() {}

  private static <T> Kind<T> time(String expected, Function<String, T> parser, T sample) {
    return new Kind<>(
        expected,
        text -> {
          try {
            return Optional.of(parser.apply(text));
          } catch (DateTimeException e) {
            return Optional.empty();
          }
        },
        sample,
        false,
        Map.of("type", "string"));
  }

  static Escalation escalation(Section s) {
    return new Escalation(
        s.sections("rotations", EscalationSection::rotation),
        s.sections("policies", EscalationSection::policy));
  }

  private static Rotation rotation(Section s) {
    var name = s.declare("name", NameSpace.ROTATION);
    var layers = s.sections("layers", EscalationSection::layer);
    if (layers.isEmpty()) {
      s.fault("layers", "expected at least one layer");
    }
    return new Rotation(
        name,
        s.orElse("time-zone", ZONE, ZoneOffset.UTC),
        layers,
        s.sections("overrides", EscalationSection::standIn));
  }

  private static Layer layer(Section s) {
    boolean daily = s.required("kind", Kind.word(Map.of("daily", true, "weekly", false)));
    var people = s.list("people", PERSON, List.of());
    if (people.isEmpty()) {
      s.fault("people", "expected at least one name, for example [ann, bob]");
    }
    var from = s.optional("from", TIME_OF_DAY);
    var to = s.optional("to", TIME_OF_DAY);
    if ((from == null) != (to == null)) {
      s.fault(from == null ? "from" : "to", "expected both 'from' and 'to', or neither");
    }
    var days = s.list("days", DAY, List.of());
    return new Layer(
        daily,
        s.orElse("every", Kind.whole(1, 52), 1),
        s.required("starts", WALL_CLOCK),
        people,
        from,
        to,
        days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : EnumSet.copyOf(days));
  }

  private static StandIn standIn(Section s) {
    var from = s.required("from", INSTANT);
    var to = s.required("to", INSTANT);
    // While the file is described, or after another fault, both are the sample.
    if (to.isBefore(from)) {
      s.fault("to", "expected an instant after 'from'");
    }
    return new StandIn(s.required("person", PERSON), from, to);
  }

  private static Policy policy(Section s) {
    var name = s.declare("name", NameSpace.POLICY);
    var steps = s.sections("steps", EscalationSection::step);
    if (steps.isEmpty()) {
      s.fault("steps", "expected at least one step");
    }
    return new Policy(
        name,
        s.referAll("services", NameSpace.SERVICE, List.of()),
        s.referAll("environments", NameSpace.ENVIRONMENT, List.of()),
        s.list("severities", SEVERITY, List.of()),
        steps,
        s.orElse("repeat", Kind.whole(0, 100), 0),
        s.orElse(
            "acknowledge-timeout",
            Kind.duration(Duration.ZERO, Duration.ofDays(7)),
            Duration.ZERO));
  }

  private static Step step(Section s) {
    var rotation = s.referOptional("rotation", NameSpace.ROTATION);
    var people = s.list("people", PERSON, List.of());
    if (rotation == null && people.isEmpty()) {
      s.fault("people", "expected people, a rotation, or both");
    }
    return new Step(
        s.orElse("after", Kind.duration(Duration.ZERO, Duration.ofDays(7)), Duration.ofMinutes(5)),
        rotation,
        people,
        s.referOptional("channel", NameSpace.CHANNEL));
  }
}
