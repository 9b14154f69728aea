package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.suite.Plan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what is to run. */
final class UpOptions {
  @Option(names = "--no-sample", description = "Without the sample shop and its traffic.")
  private boolean noSample;

  @Option(
      names = "--only",
      arity = "1..*",
      paramLabel = "SERVICE",
      description = "Only these; the database comes along where one of them needs it.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--port-offset",
      paramLabel = "N",
      defaultValue = "${env:WATCHTOWER_PORT_OFFSET:-0}",
      description = "Adds N to every port, so that two Watchtowers can run on one machine.")
  private int portOffset;

  Plan plan() {
    return Plan.of(!noSample, only, portOffset, external());
  }

  List<String> arguments() {
    var all = new ArrayList<String>();
    if (noSample) {
      all.add("--no-sample");
    }
    for (var name : only) {
      all.add("--only");
      all.add(name);
    }
    all.add("--port-offset=" + portOffset);
    return all;
  }

  private static Plan.@Nullable ExternalDatabase external() {
    var url = System.getenv("WATCHTOWER_DB_URL");
    if (url == null || url.isBlank()) {
      return null;
    }
    var user = System.getenv("WATCHTOWER_DB_USER");
    var password = System.getenv("WATCHTOWER_DB_PASSWORD");
    return new Plan.ExternalDatabase(
        url, user == null ? "watchtower" : user, password == null ? "" : password);
  }
}
