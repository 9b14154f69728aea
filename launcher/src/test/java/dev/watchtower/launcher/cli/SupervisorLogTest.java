package dev.watchtower.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.launcher.lifecycle.Phase;
import dev.watchtower.launcher.suite.Layout;
import dev.watchtower.launcher.suite.SuiteStatus;
import dev.watchtower.launcher.supervisor.ProcessSnapshot;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorLogTest {
  @TempDir private Path root;

  @Test
  void goesOnWithWhatAnEarlierSupervisorWrote() throws Exception {
    var first = log();
    first.changed(
        Phase.HEALTHY,
        new ProcessSnapshot("ingest", null, 8081, Phase.BACK_OFF, true, 1, Instant.EPOCH, 137));
    first.settled(SuiteStatus.READY);
    first.stream().println("cannot look after ingest");
    log().settled(SuiteStatus.failed("ingest is not healthy"));

    assertThat(Files.readAllLines(file()))
        .satisfiesExactly(
            line -> assertThat(line).startsWith("1970-01-01T00:00:00Z the supervisor starts, pid "),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "1970-01-01T00:00:00Z ingest HEALTHY -> BACK_OFF pid null last exit 137"),
            line -> assertThat(line).isEqualTo("1970-01-01T00:00:00Z READY"),
            line -> assertThat(line).isEqualTo("cannot look after ingest"),
            line -> assertThat(line).contains("the supervisor starts"),
            line ->
                assertThat(line).isEqualTo("1970-01-01T00:00:00Z FAILED ingest is not healthy"));
  }

  @Test
  void isBounded() throws Exception {
    var stream = log().stream();
    var line = "cannot look after ingest: " + "x".repeat(1 << 16);
    for (int i = 0; i < 600; i++) {
      stream.println(line);
    }
    try (var files = Files.list(file().getParent())) {
      long all = files.mapToLong(f -> f.toFile().length()).sum();
      assertThat(all).isBetween(20L << 20, 31L << 20);
    }
  }

  private SupervisorLog log() throws Exception {
    var out = new PrintStream(OutputStream.nullOutputStream());
    return new SupervisorLog(
        new Shell(Layout.in(root), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), out, out));
  }

  private Path file() {
    return Layout.in(root).logs().resolve("supervisor.log");
  }
}
