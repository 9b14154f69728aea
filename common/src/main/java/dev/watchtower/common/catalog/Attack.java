package dev.watchtower.common.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What each kind of attack takes, so that a wrong parameter is refused before anything is touched:
 * in the catalog when it is read, and in what a run wants different.
 *
 * @param kind its name in the catalog and in contracts
 * @param numbers its numeric parameters with their range, both ends included
 * @param needed those of them without which it cannot begin
 */
public record Attack(String kind, Map<String, Range> numbers, Set<String> needed) {
  /**
   * A range of numbers.
   *
   * @param whole whether only whole ones are taken
   */
  public record Range(double least, double most, boolean whole) {
    boolean has(double number) {
      return number >= least && number <= most && (!whole || number == Math.rint(number));
    }
  }

  /** The attack that only the supervisor can do. */
  public static final String CRASH = "crash";

  private static final Range RATIO = new Range(0, 1, false);
  private static final Range MILLIS = new Range(1, 30_000, true);
  private static final List<Attack> KNOWN =
      List.of(
          new Attack(
              "latency",
              Map.of("millis", MILLIS, "jitter-millis", new Range(0, 30_000, true), "ratio", RATIO),
              Set.of("millis")),
          new Attack(
              "errors", Map.of("ratio", RATIO, "status", new Range(400, 599, true)), Set.of()),
          new Attack("cpu", Map.of("load", RATIO), Set.of()),
          new Attack("memory", Map.of("megabytes", new Range(1, 4096, true)), Set.of("megabytes")),
          new Attack("db-latency", Map.of("millis", MILLIS), Set.of("millis")),
          new Attack("slow-query", Map.of("millis", MILLIS), Set.of()),
          new Attack("db-errors", Map.of("ratio", RATIO), Set.of()),
          new Attack("db-down", Map.of(), Set.of()),
          new Attack(CRASH, Map.of(), Set.of()));

  public Attack {
    numbers = Map.copyOf(numbers);
    needed = Set.copyOf(needed);
  }

  /** The attack of that kind, if chaos-service can do it. */
  public static Optional<Attack> of(String kind) {
    return KNOWN.stream().filter(a -> a.kind().equals(kind)).findFirst();
  }

  /** The kinds that chaos-service can do. */
  public static List<String> kinds() {
    return KNOWN.stream().map(Attack::kind).toList();
  }

  /** What is wrong with a parameter. */
  public Optional<String> fault(String name, Object value) {
    var range = numbers.get(name);
    if (range == null) {
      return Optional.of(
          "the attack '"
              + kind
              + "' takes "
              + (numbers.isEmpty()
                  ? "no parameters"
                  : String.join(", ", numbers.keySet().stream().sorted().toList())));
    }
    return value instanceof Number number && range.has(number.doubleValue())
        ? Optional.empty()
        : Optional.of(
            "expected a %snumber from %s to %s"
                .formatted(range.whole() ? "whole " : "", text(range.least()), text(range.most())));
  }

  private static String text(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
