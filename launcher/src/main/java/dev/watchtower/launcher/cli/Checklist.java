package dev.watchtower.launcher.cli;

import dev.watchtower.common.wire.ProcessView;
import dev.watchtower.launcher.suite.Plan;
import dev.watchtower.launcher.supervisor.ProcessSnapshot;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The list of processes while they start: in place at a terminal, else a line for each change. */
final class Checklist {
  private static final String UP_AND_CLEAR = "\033[%dA\033[J";

  private final PrintStream out;
  private final boolean inPlace;
  private final Map<String, String> shown = new HashMap<>();
  private final Map<String, Double> healthyAfter = new HashMap<>();
  private int drawnLines;

  Checklist(PrintStream out, Plan plan) {
    this(out, System.console() != null && System.console().isTerminal());
    out.println("Starting " + plan.components().size() + " processes:");
  }

  Checklist(PrintStream out, boolean inPlace) {
    this.out = out;
    this.inPlace = inPlace;
  }

  /** One process. */
  record Row(String name, String state, int port, int restarts) {}

  static List<Row> rows(List<ProcessSnapshot> processes) {
    return processes.stream()
        .map(p -> new Row(p.name(), p.state(), p.port(), p.restarts()))
        .toList();
  }

  static List<Row> rowsOf(List<ProcessView> processes) {
    return processes.stream()
        .map(p -> new Row(p.name(), p.state(), p.port(), p.restarts()))
        .toList();
  }

  /** A line that stays. */
  synchronized void note(String text) {
    erase();
    out.println(text);
  }

  /**
   * Shows how it stands.
   *
   * @param beginNanos when the start began, by {@link System#nanoTime}
   */
  synchronized void show(List<Row> rows, long beginNanos) {
    double seconds = (System.nanoTime() - beginNanos) / 1e9;
    for (var row : rows) {
      if (row.state().equals("HEALTHY")) {
        healthyAfter.putIfAbsent(row.name(), seconds);
      }
    }
    if (inPlace) {
      erase();
      rows.forEach(row -> out.println(line(row)));
      drawnLines = rows.size();
      return;
    }
    for (var row : rows) {
      var before = shown.put(row.name(), row.state());
      if (!row.state().equals(before) && !row.state().equals("STOPPED")) {
        out.println(line(row));
      }
    }
  }

  private void erase() {
    if (drawnLines > 0) {
      out.printf(UP_AND_CLEAR, drawnLines);
      drawnLines = 0;
    }
  }

  private String line(Row row) {
    var after = healthyAfter.get(row.name());
    boolean healthy = row.state().equals("HEALTHY");
    var mark =
        switch (row.state()) {
          case "HEALTHY" -> "ok";
          case "BACK_OFF", "UNHEALTHY", "HELD_DOWN" -> "!!";
          default -> "..";
        };
    var words =
        switch (row.state()) {
          case "HEALTHY" -> "healthy";
          case "STARTING" -> "starting";
          case "STOPPED" -> "waiting";
          case "BACK_OFF" -> "died, is started again (" + row.restarts() + " restarts)";
          default -> row.state().toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    return "  %s  %-11s %-6s %s"
        .formatted(
            mark,
            row.name(),
            row.port(),
            healthy && after != null ? "%s after %.1f s".formatted(words, after) : words)
        .stripTrailing();
  }
}
