package dev.watchtower.analysis.evidence;

import dev.watchtower.analysis.ranking.CallGraph;
import dev.watchtower.analysis.ranking.Deviation;
import dev.watchtower.analysis.ranking.Episode;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Facts in plain words. */
public final class Wording {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Wording() {}

  /** A time of day. */
  public static String clock(Instant at) {
    return CLOCK.format(at);
  }

  /** What a series did. */
  public static String deviation(Deviation deviation) {
    if (deviation.isGone()) {
      return deviation.service()
          + " is down or sends nothing any more, since "
          + clock(deviation.onset())
          + ".";
    }
    if (deviation.limit() != null) {
      return "%s of %s is at %s%s, %s its limit of %s, since %s."
          .formatted(
              metric(deviation.metric()),
              deviation.service(),
              value(deviation, deviation.extreme()),
              deviation.isUsualKnown()
                  ? " (usually %s)".formatted(value(deviation, deviation.usual()))
                  : "",
              deviation.up() ? "over" : "below",
              value(deviation, deviation.limit()),
              clock(deviation.onset()));
    }
    return "%s, since %s.".formatted(move(deviation), clock(deviation.onset()));
  }

  /** What a series did before, with its end. */
  static String past(Episode past) {
    var deviation = past.deviation();
    return "%s from %s to %s: over before this incident."
        .formatted(move(deviation), clock(deviation.onset()), clock(past.ended()));
  }

  private static String move(Deviation deviation) {
    return "%s of %s %s to %s (usually %s)"
        .formatted(
            metric(deviation.metric()),
            deviation.service(),
            deviation.up() ? "rose" : "fell",
            value(deviation, deviation.extreme()),
            value(deviation, deviation.usual()));
  }

  /** A value of the deviation's metric with its unit, as far as it is known. */
  public static String value(Deviation deviation, double value) {
    return switch (deviation.metric()) {
      case "cpu", "memory", "error_rate", "client_errors" -> number(value * 100) + " %";
      case "latency_p50",
          "latency_p95",
          "latency_p99",
          "client_latency",
          "network_latency",
          "pool_wait" ->
          number(value * 1000) + " ms";
      case "traffic" -> number(value) + " requests/s";
      default -> number(value);
    };
  }

  /** The name of a metric for people. */
  public static String metric(String name) {
    return switch (name) {
      case "cpu" -> "CPU use";
      case "memory" -> "Memory use";
      case "error_rate" -> "Error rate";
      case "latency_p50" -> "Latency (median)";
      case "latency_p95" -> "Latency (95th percentile)";
      case "latency_p99" -> "Latency (99th percentile)";
      case "traffic" -> "Traffic";
      case "client_errors" -> "Failed calls to other services";
      case "client_latency" -> "Time of calls to other services";
      case "network_latency" ->
          "Time that callers wait longer than the work takes, on the way to the service,";
      case "pool_pending" -> "Requests waiting for a database connection";
      case "gc_pause" -> "Time in garbage collection";
      default -> name;
    };
  }

  /** Three significant digits, never in powers of ten. */
  public static String number(double value) {
    if (value == 0) {
      return "0";
    }
    int digits = Math.clamp(2 - (long) Math.floor(Math.log10(Math.abs(value))), 0, 6);
    var text = String.format(Locale.ROOT, "%." + digits + "f", value);
    return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
  }

  static String signal(IncidentSignal signal) {
    return "%s on %s: %s (%s %s)."
        .formatted(
            signal.rule(),
            signal.service(),
            signal.summary(),
            signal.status() == SignalStatus.FIRING ? "firing since" : "fired at",
            clock(signal.firedAt()));
  }

  static String edge(CallGraph.Edge edge) {
    return edge.caller() + " calls " + edge.callee() + ".";
  }

  static String change(ChangeEvent change) {
    return "%s%s at %s: %s"
        .formatted(
            kind(change),
            change.service() == null ? "" : " of " + change.service(),
            clock(change.time()),
            change.summary());
  }

  /** What kind of change, in a word or two of our own: never text of the sender. */
  public static String kind(ChangeEvent change) {
    var type = change.type();
    if (type.startsWith("dev.watchtower.chaos.")) {
      return type.endsWith("ended") ? "End of a chaos run" : "Chaos run";
    }
    if (type.contains(".rolledback")) {
      return "Rollback";
    }
    if (type.contains(".service.") || type.contains("deploy")) {
      return "Deployment";
    }
    return type.contains("annotation") ? "Note" : "Change";
  }

  /** One line of plain text: control characters become blanks, at most {@code most} characters. */
  public static String line(String text, int most) {
    var plain = text.replaceAll("[\\p{Cntrl}\\p{Cf}\\s]+", " ").strip();
    return plain.length() <= most ? plain : plain.substring(0, most - 1) + "…";
  }
}
