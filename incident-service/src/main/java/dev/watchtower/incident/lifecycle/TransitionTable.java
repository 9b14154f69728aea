package dev.watchtower.incident.lifecycle;

import static dev.watchtower.common.wire.IncidentState.ACKNOWLEDGED;
import static dev.watchtower.common.wire.IncidentState.IDENTIFIED;
import static dev.watchtower.common.wire.IncidentState.INVESTIGATING;
import static dev.watchtower.common.wire.IncidentState.MITIGATED;
import static dev.watchtower.common.wire.IncidentState.OPEN;
import static dev.watchtower.common.wire.IncidentState.RESOLVED;

import dev.watchtower.common.wire.IncidentEvent;
import dev.watchtower.common.wire.IncidentState;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The lifecycle's transitions, written down once: the state machine is built from this table, the
 * documentation is generated from it and the tests compare with it.
 */
public final class TransitionTable {
  /** Who may send an event. */
  public enum Sender {
    ANYONE,
    SYSTEM
  }

  /**
   * One line of the table.
   *
   * @param from the states in which the event is allowed
   * @param meaning one phrase for the documentation
   */
  public record Line(
      IncidentEvent event,
      List<IncidentState> from,
      IncidentState to,
      Sender sender,
      String meaning) {
    public Line {
      from = List.copyOf(from);
    }
  }

  private static final List<Line> LINES =
      List.of(
          new Line(
              IncidentEvent.ACKNOWLEDGE,
              List.of(OPEN),
              ACKNOWLEDGED,
              Sender.ANYONE,
              "somebody is on it"),
          new Line(
              IncidentEvent.INVESTIGATE,
              List.of(OPEN, ACKNOWLEDGED),
              INVESTIGATING,
              Sender.ANYONE,
              "the cause is being looked for"),
          new Line(
              IncidentEvent.IDENTIFY,
              List.of(INVESTIGATING),
              IDENTIFIED,
              Sender.ANYONE,
              "the cause is known"),
          new Line(
              IncidentEvent.MITIGATE,
              List.of(ACKNOWLEDGED, INVESTIGATING, IDENTIFIED),
              MITIGATED,
              Sender.ANYONE,
              "users are no longer affected"),
          new Line(
              IncidentEvent.RECOVER,
              List.of(OPEN, ACKNOWLEDGED, INVESTIGATING, IDENTIFIED),
              MITIGATED,
              Sender.SYSTEM,
              "all signals cleared"),
          new Line(
              IncidentEvent.REGRESS,
              List.of(MITIGATED),
              INVESTIGATING,
              Sender.SYSTEM,
              "a signal fires again"),
          new Line(
              IncidentEvent.RESOLVE,
              List.of(MITIGATED),
              RESOLVED,
              Sender.ANYONE,
              "it is over; nothing about it changes any more"),
          new Line(
              IncidentEvent.DISMISS,
              List.of(OPEN, ACKNOWLEDGED, INVESTIGATING),
              RESOLVED,
              Sender.ANYONE,
              "a false alarm; needs a comment"));

  private TransitionTable() {}

  /** All lines, in the order of the lifecycle. */
  public static List<Line> lines() {
    return LINES;
  }

  /** Where {@code event} leads from {@code from}, straight from the table. */
  public static Optional<IncidentState> next(IncidentState from, IncidentEvent event) {
    return LINES.stream()
        .filter(line -> line.event() == event && line.from().contains(from))
        .map(Line::to)
        .findFirst();
  }

  /** The events that a person may send in {@code state}. */
  public static List<IncidentEvent> allowedFor(IncidentState state) {
    return LINES.stream()
        .filter(line -> line.sender() == Sender.ANYONE && line.from().contains(state))
        .map(Line::event)
        .toList();
  }

  /** Whether only the system sends {@code event}. */
  public static boolean isSystemOnly(IncidentEvent event) {
    return LINES.stream().anyMatch(l -> l.event() == event && l.sender() == Sender.SYSTEM);
  }

  /** The table in Markdown, as docs/lifecycle.md shows it. */
  public static String markdown() {
    return LINES.stream()
        .map(line ->
            "| `%s` | %s | %s | %s | %s |"
                .formatted(
                    line.event(),
                    line.from().stream().map(IncidentState::name).collect(Collectors.joining(", ")),
                    line.to(),
                    line.sender() == Sender.SYSTEM ? "the system only" : "people and policies",
                    line.meaning()))
        .collect(
            Collectors.joining(
                "\n", "| event | from | to | sent by | meaning |\n|---|---|---|---|---|\n", "\n"));
  }
}
