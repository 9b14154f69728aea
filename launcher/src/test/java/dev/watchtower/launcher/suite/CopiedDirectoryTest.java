package dev.watchtower.launcher.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.launcher.supervisor.ProcessRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is recorded in a data directory counts there, wherever it is moved, and in no copy of it.
 */
class CopiedDirectoryTest {
  @TempDir private Path folder;
  private final List<String> said = new ArrayList<>();
  private Layout original;
  private Process service;

  @BeforeEach
  void runningService() throws IOException {
    original = Layout.in(folder.resolve("original"));
    var log = Files.createDirectories(original.run()).resolve("service.jar");
    Files.writeString(log, "");
    service = new ProcessBuilder("tail", "-f", log.toString()).start();
  }

  @AfterEach
  void end() {
    service.destroyForcibly();
  }

  @Test
  void leavesAloneWhatTheOriginalRuns() throws Exception {
    try (var lock = RunLock.tryTake(original).orElseThrow()) {
      lock.announce(RunLock.Owner.self(8099, 0));
      original.processRecords().write(List.of(entry()));
      var copy = copy();

      assertThat(RunLock.announced(copy)).isEmpty();
      assertThat(RunLock.owner(copy)).isEmpty();
      assertThat(copy.processRecords().read()).isEmpty();
      assertThat(Preflight.endOrphans(copy, said::add)).isEmpty();
      assertThat(said).hasSize(1).first().asString().startsWith("This data directory is a copy");
      assertThat(service.isAlive()).isTrue();
      assertThat(RunLock.announced(original)).isPresent();
      assertThat(original.processRecords().read()).containsExactly(entry());

      said.clear();
      assertThat(Preflight.endOrphans(copy, said::add)).isEmpty();
      assertThat(said).as("it is one of its own from then on").isEmpty();
    }
  }

  @Test
  void takesACopyThatIsJustStartingForThat() throws Exception {
    try (var lock = RunLock.tryTake(original).orElseThrow()) {
      lock.announce(RunLock.Owner.self(8099, 0));
      var copy = Layout.in(folder.resolve("copy"));
      try (var _ = RunLock.tryTake(copy).orElseThrow()) {
        Files.copy(supervisor(original), supervisor(copy));

        assertThat(RunLock.owner(copy)).map(RunLock.Owner::pid).contains(-1L);
      }
    }
  }

  @Test
  void knowsItsOwnWhereItWasMoved() throws Exception {
    original.processRecords().write(List.of(entry()));
    Files.move(original.root(), folder.resolve("moved"));

    assertThat(Preflight.endOrphans(Layout.in(folder.resolve("moved")), said::add))
        .containsExactly("monitor");
    assertThat(said).isEmpty();
    assertThat(service.waitFor()).isNotZero();
  }

  @Test
  void knowsTheProcessesOfAnEarlierVersionByWhereTheyRun() throws Exception {
    Files.writeString(
        original.run().resolve("processes"),
        entry().name() + " " + entry().pid() + " " + entry().birth() + "\n");

    assertThat(Preflight.endOrphans(copy(), said::add)).isEmpty();
    assertThat(service.isAlive()).isTrue();

    assertThat(Preflight.endOrphans(original, said::add)).containsExactly("monitor");
    assertThat(service.waitFor()).isNotZero();
  }

  @Test
  void knowsTheSupervisorOfAnEarlierVersionByItsLock() throws Exception {
    try (var _ = RunLock.tryTake(original).orElseThrow()) {
      var self = RunLock.Owner.self(8099, 7);
      Files.writeString(supervisor(original), self.pid() + " 8099 7 " + self.birth() + "\n");

      assertThat(RunLock.owner(copy())).isEmpty();
      assertThat(RunLock.owner(original)).contains(self);
    }
  }

  private ProcessRecords.Entry entry() {
    return ProcessRecords.Entry.of("monitor", service.toHandle());
  }

  private Layout copy() throws IOException {
    var copy = Layout.in(folder.resolve("copy"));
    Files.createDirectories(copy.run());
    try (var files = Files.list(original.run())) {
      for (var file : files.toList()) {
        Files.copy(file, copy.run().resolve(file.getFileName()));
      }
    }
    return copy;
  }

  private static Path supervisor(Layout layout) {
    return layout.run().resolve("supervisor");
  }
}
