package dev.watchtower.common.catalog;

import dev.watchtower.common.wire.Severity;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code escalation}: who is on call, and who is told when nobody takes an incident up. */
public record Escalation(List<Rotation> rotations, List<Policy> policies) {
  /** Nobody is on call, nothing escalates. */
  public static final Escalation NONE = new Escalation(List.of(), List.of());

  public Escalation {
    rotations = List.copyOf(rotations);
    policies = List.copyOf(policies);
  }

  /** The rotation of that name. */
  public Optional<Rotation> rotation(String name) {
    return rotations.stream().filter(r -> r.name().equals(name)).findFirst();
  }

  /** The policy of that name. */
  public Optional<Policy> policy(String name) {
    return policies.stream().filter(p -> p.name().equals(name)).findFirst();
  }

  /** The first policy that covers an incident with these properties. */
  public Optional<Policy> policyFor(String service, String env, Severity severity) {
    return policies.stream().filter(p -> p.covers(service, env, severity)).findFirst();
  }

  /**
   * Who is on call when.
   *
   * @param layers a later one goes before an earlier one, while it is in force
   * @param overrides go before all layers, the later ones before the earlier
   */
  public record Rotation(String name, ZoneId zone, List<Layer> layers, List<StandIn> overrides) {
    public Rotation {
      layers = List.copyOf(layers);
      overrides = List.copyOf(overrides);
    }
  }

  /**
   * People who hand over to one another in turn.
   *
   * @param daily whether a turn is counted in days; else in weeks
   * @param every how many days or weeks a turn lasts
   * @param starts the first hand-over, by the wall clock of the rotation's zone
   * @param from the layer is in force from this time of day only; null together with {@code to}
   * @param to until this time of day, of the next day if it is not later than {@code from}
   * @param days the days on which it is in force (of a stretch over midnight: on which it begins)
   */
  public record Layer(
      boolean daily,
      int every,
      LocalDateTime starts,
      List<String> people,
      @Nullable LocalTime from,
      @Nullable LocalTime to,
      Set<DayOfWeek> days) {
    public Layer {
      people = List.copyOf(people);
      days = Set.copyOf(days);
    }
  }

  /** One person stands in for all others from an instant until another. */
  public record StandIn(String person, Instant from, Instant to) {}

  /**
   * What happens while nobody takes an incident up; empty lists match everything.
   *
   * @param repeat how often the steps are gone through again
   * @param acknowledgeTimeout how long after somebody took it up, and nobody did anything more, it
   *     escalates again; zero for never
   */
  public record Policy(
      String name,
      List<String> services,
      List<String> environments,
      List<Severity> severities,
      List<Step> steps,
      int repeat,
      Duration acknowledgeTimeout) {
    public Policy {
      services = List.copyOf(services);
      environments = List.copyOf(environments);
      severities = List.copyOf(severities);
      steps = List.copyOf(steps);
    }

    /** Whether it is for an incident with these properties. */
    public boolean covers(String service, String env, Severity severity) {
      return (services.isEmpty() || services.contains(service))
          && (environments.isEmpty() || environments.contains(env))
          && (severities.isEmpty() || severities.contains(severity));
    }
  }

  /**
   * One step.
   *
   * @param after how long after the step before, or the opening
   * @param rotation whose person on call is told; null for none
   * @param people who are told in any case
   * @param channel where; null for all channels that the incident goes to
   */
  public record Step(
      Duration after, @Nullable String rotation, List<String> people, @Nullable String channel) {
    public Step {
      people = List.copyOf(people);
    }
  }
}
