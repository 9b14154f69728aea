package dev.watchtower.common.chaosagent;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.FaultLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the fault of a lease; every parameter is checked, and one that the kind does not know is
 * refused.
 */
final class FaultReader {
  private static final double MAX_MILLIS = 30_000;

  private final Map<String, Object> parameters;
  private final Set<String> asked = new HashSet<>();
  private final List<Problem.Fault> faults = new ArrayList<>();

  private FaultReader(Map<String, Object> parameters) {
    this.parameters = parameters;
  }

  /**
   * The fault that the lease asks for.
   *
   * @throws Problem 400 with the path of everything that is wrong
   */
  static Fault read(FaultLease lease) {
    var reader = new FaultReader(lease.parameters() == null ? Map.of() : lease.parameters());
    if (lease.ttlMillis() < 1 || lease.ttlMillis() > FaultLease.MAX_TTL_MILLIS) {
      reader.fault("ttlMillis", "expected 1 to " + FaultLease.MAX_TTL_MILLIS);
    }
    var fault = reader.fault(lease.kind() == null ? "" : lease.kind());
    for (var name : reader.parameters.keySet()) {
      if (!reader.asked.contains(name)) {
        reader.fault("parameters." + name, "the kind '" + lease.kind() + "' has no such parameter");
      }
    }
    if (!reader.faults.isEmpty()) {
      var problem =
          Problem.badRequest(
              reader.faults.getFirst().path() + ": " + reader.faults.getFirst().message());
      reader.faults.forEach(f -> problem.fault(f.path(), f.message()));
      throw problem;
    }
    return fault;
  }

  private Fault fault(String kind) {
    return switch (kind) {
      case "latency" ->
          new Fault.Latency(
              millis("millis", 1, -1), millis("jitter-millis", 0, 0), number("ratio", 0, 1, 1));
      case "errors" ->
          new Fault.Errors(number("ratio", 0, 1, 1), (int) number("status", 400, 599, 500));
      case "cpu" -> new Fault.Cpu(number("load", 0, 1, 1));
      case "memory" -> new Fault.Memory((int) number("megabytes", 1, 4_096, -1));
      case "db-latency" -> new Fault.DbLatency(millis("millis", 1, -1));
      case "db-errors" -> new Fault.DbErrors(number("ratio", 0, 1, 1));
      case "db-down" -> new Fault.DbDown();
      case "slow-query" -> new Fault.SlowQuery(millis("millis", 1, 2_000));
      default -> {
        fault(
            "kind",
            "expected one of latency, errors, cpu, memory, db-latency, db-errors, db-down,"
                + " slow-query; found '"
                + kind
                + "'");
        asked.addAll(parameters.keySet());
        yield new Fault.DbDown();
      }
    };
  }

  private Duration millis(String name, double least, double fallback) {
    return Duration.ofMillis((long) number(name, least, MAX_MILLIS, fallback));
  }

  /** A fallback below {@code least} means that the parameter must be there. */
  private double number(String name, double least, double most, double fallback) {
    asked.add(name);
    var value = parameters.get(name);
    if (value == null && fallback >= least) {
      return fallback;
    }
    if (value instanceof Number n && n.doubleValue() >= least && n.doubleValue() <= most) {
      return n.doubleValue();
    }
    fault(
        "parameters." + name,
        "expected a number from "
            + text(least)
            + " to "
            + text(most)
            + (value == null ? ", found nothing" : ", found '" + value + "'"));
    return least;
  }

  private static String text(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  private void fault(String path, String message) {
    faults.add(new Problem.Fault(path, message));
  }
}
