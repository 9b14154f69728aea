package dev.watchtower.chaos.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each kind of attack takes, so that a wrong parameter is refused before anything is touched.
 *
 * @param kind its name in the catalog and in contracts
 * @param numbers its numeric parameters with their range, both ends included
 */
public record Attack(String kind, Map<String, Range> numbers) {
  /** A range of numbers. */
  public record Range(double least, double most) {}

  /** A parameter that cannot be used. */
  public record Fault(String path, String message) {}

  /** The attack that only the supervisor can do. */
  public static final String CRASH = "crash";

  private static final Range RATIO = new Range(0, 1);
  private static final List<Attack> KNOWN =
      List.of(
          new Attack(
              "latency",
              Map.of(
                  "millis", new Range(1, 30_000),
                  "jitter-millis", new Range(0, 30_000),
                  "ratio", RATIO)),
          new Attack("errors", Map.of("ratio", RATIO, "status", new Range(400, 599))),
          new Attack("cpu", Map.of("load", RATIO)),
          new Attack("memory", Map.of("megabytes", new Range(1, 4096))),
          new Attack("db-latency", Map.of("millis", new Range(1, 30_000))),
          new Attack("slow-query", Map.of("millis", new Range(1, 30_000))),
          new Attack("db-errors", Map.of("ratio", RATIO)),
          new Attack("db-down", Map.of()),
          new Attack(CRASH, Map.of()));

  public Attack {
    numbers = Map.copyOf(numbers);
  }

  /** The attack of that kind, if this service can do it. */
  public static Optional<Attack> of(String kind) {
    return KNOWN.stream().filter(a -> a.kind().equals(kind)).findFirst();
  }

  /** The kinds this service can do. */
  public static List<String> kinds() {
    return KNOWN.stream().map(Attack::kind).toList();
  }

  /** What is wrong with {@code parameters}; the paths begin with {@code prefix}. */
  public List<Fault> faults(String prefix, Map<String, Object> parameters) {
    var faults = new java.util.ArrayList<Fault>();
    new LinkedHashMap<>(parameters)
        .forEach((name, value) -> {
          var range = numbers.get(name);
          if (range == null) {
            faults.add(
                new Fault(
                    prefix + name,
                    "the attack '"
                        + kind
                        + "' takes "
                        + (numbers.isEmpty()
                            ? "no parameters"
                            : String.join(", ", numbers.keySet().stream().sorted().toList()))));
          } else if (!(value instanceof Number number)
              || !(number.doubleValue() >= range.least())
              || !(number.doubleValue() <= range.most())) {
            faults.add(
                new Fault(
                    prefix + name,
                    "expected a number from " + text(range.least()) + " to " + text(range.most())));
          }
        });
    return List.copyOf(faults);
  }

  private static String text(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
