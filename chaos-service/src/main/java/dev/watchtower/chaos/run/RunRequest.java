package dev.watchtower.chaos.run;

import dev.watchtower.common.catalog.Attack;
import dev.watchtower.common.catalog.Catalog.Experiment;
import dev.watchtower.common.wire.RunView.LogLine;
import dev.watchtower.common.wire.RunView.State;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Turns an experiment and what the caller wants different into a run, or into what is wrong with
 * the wish.
 */
public final class RunRequest {
  /** The longest a run may last. */
  public static final Duration LONGEST = Duration.ofHours(1);

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private static final Pattern SHORT = Pattern.compile("(\\d{1,6})(s|m|h)");

  /** A part of the wish that cannot be had. */
  public record Fault(String path, String message) {}

  /** What came of it. */
  public sealed interface Result {
    /** A run that may begin. */
    record Ready(Run run) implements Result {}

    /** What is wrong. */
    record Wrong(List<Fault> faults) implements Result {
      public Wrong {
        faults = List.copyOf(faults);
      }
    }
  }

  private RunRequest() {}

  /**
   * Checks and builds.
   *
   * @param overrides parameters of the attack by name; {@code duration} (such as 30s) and {@code
   *     blind} besides
   * @param startedBy name of the person or machine
   */
  public static Result of(
      Experiment experiment,
      Map<String, Object> overrides,
      UUID id,
      String startedBy,
      Instant now) {
    var faults = new ArrayList<Fault>();
    var parameters = new HashMap<>(experiment.parameters());
    var duration = experiment.duration();
    boolean blind = experiment.blind();
    var changed = new HashMap<String, Object>();
    for (var override : overrides.entrySet()) {
      switch (override.getKey()) {
        case "duration" -> {
          var parsed = duration(override.getValue());
          if (parsed == null || parsed.compareTo(SHORTEST) < 0 || parsed.compareTo(LONGEST) > 0) {
            faults.add(
                new Fault("overrides.duration", "expected a time from 1s to 1h, such as 30s"));
          } else {
            duration = parsed;
          }
        }
        case "blind" -> {
          if (override.getValue() instanceof Boolean value) {
            blind = value;
          } else {
            faults.add(new Fault("overrides.blind", "expected true or false"));
          }
        }
        default -> changed.put(override.getKey(), override.getValue());
      }
    }
    var attack = Attack.of(experiment.kind());
    if (attack.isEmpty()) {
      faults.add(
          new Fault(
              "experiment",
              "the attack '"
                  + experiment.kind()
                  + "' cannot be done here; possible: "
                  + String.join(", ", Attack.kinds())));
      return new Result.Wrong(faults);
    }
    changed.forEach((name, value) ->
        attack
            .get()
            .fault(name, value)
            .ifPresent(message -> faults.add(new Fault("overrides." + name, message))));
    parameters.putAll(changed);
    if (!faults.isEmpty()) {
      return new Result.Wrong(faults);
    }
    return new Result.Ready(
        new Run(
            id,
            experiment.name(),
            experiment.kind(),
            experiment.service(),
            experiment.env(),
            experiment.target(),
            parameters,
            State.STARTING,
            blind,
            startedBy,
            now,
            now.plus(duration),
            null,
            null,
            null,
            null,
            List.of(new LogLine(now, "started by " + startedBy))));
  }

  private static @org.jspecify.annotations.Nullable Duration duration(Object value) {
    var text = String.valueOf(value).toLowerCase(Locale.ROOT);
    var match = SHORT.matcher(text);
    try {
      return match.matches()
          ? Duration.parse("PT" + match.group(1) + match.group(2).toUpperCase(Locale.ROOT))
          : Duration.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
