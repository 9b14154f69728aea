package dev.watchtower.launcher.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.launcher.supervisor.ProcessRecords;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightTest {
  @TempDir private Path folder;
  private final List<String> said = new ArrayList<>();

  @Test
  void saysWhichPortIsTakenAndForWhatItIsNeeded() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int offset = taken.getLocalPort() - Component.INCIDENT.port(0);
      if (offset >= 0 && offset <= 40_000) {
        var plan = Plan.of(false, List.of("incident"), offset, external());
        assertThatThrownBy(() -> new Preflight(layout(), plan).ports())
            .isInstanceOf(Refusal.class)
            .hasMessageContaining(taken.getLocalPort() + " (incident)");
      }
    }
  }

  @Test
  void saysWhenTheDiskIsFull() {
    assertThatThrownBy(() -> Preflight.room(300L << 20))
        .hasMessageContaining("only 300 MB left on the disk");
    assertThatCode(() -> Preflight.room(2L << 30)).doesNotThrowAnyException();
  }

  @Test
  void saysWhenJavaIsTooOld() {
    assertThatThrownBy(() -> Preflight.javaVersion(21))
        .hasMessage("Watchtower needs Java 25 or newer, this is Java 21.");
    assertThatCode(() -> Preflight.javaVersion(25)).doesNotThrowAnyException();
  }

  @Test
  void refusesADatabaseOfAnotherVersion() throws Exception {
    Files.createDirectories(layout().postgres().resolve("data"));
    Files.writeString(layout().postgres().resolve("data/PG_VERSION"), "17\n");
    catalog("version: 1\nservices: []\n");
    assertThatThrownBy(() -> new Preflight(layout(), all()).check())
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("written by PostgreSQL 17, and this is PostgreSQL 18");
  }

  @Test
  void refusesADatabaseOfUnknownVersion() {
    assertThatThrownBy(() -> Preflight.dataVersion(-1)).hasMessageContaining("unknown version");
  }

  @Test
  void refusesAWrongCatalogWithTheLine() throws Exception {
    assertThatThrownBy(() -> new Preflight(layout(), all()).check())
        .hasMessageContaining("is not there");
    catalog("version: 1\nrules: 5\n");
    assertThatThrownBy(() -> new Preflight(layout(), all()).check())
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("watchtower.yaml");
  }

  @Test
  void refusesAWrongSloFileOfTheCatalog() throws Exception {
    catalog("version: 1\nservices: []\nslo-files: slos\n");
    assertThatThrownBy(() -> new Preflight(layout(), all()).check())
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("slo-files: the folder cannot be read");

    var slos = Files.createDirectories(layout().catalog().resolveSibling("slos"));
    new Preflight(layout(), all()).check();

    Files.writeString(slos.resolve("shop.yaml"), "apiVersion: openslo/v1\nkind: Nonsense\n");
    assertThatThrownBy(() -> new Preflight(layout(), all()).check())
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("shop.yaml");
  }

  @Test
  void endsWhatAKilledSupervisorLeftAndNothingElse() throws Exception {
    var left = new ProcessBuilder("sleep", "600").start();
    var stranger = new ProcessBuilder("sleep", "600").start();
    try {
      var same = ProcessRecords.Entry.of("incident", left.toHandle());
      var recycled = ProcessRecords.Entry.of("ingest", stranger.toHandle());
      layout()
          .processRecords()
          .write(
              List.of(
                  same,
                  new ProcessRecords.Entry(
                      recycled.name(),
                      recycled.pid(),
                      ProcessRecords.Entry.of("other", ProcessHandle.current()).birth())));
      assertThat(Preflight.endOrphans(layout(), said::add)).containsExactly("incident");
      assertThat(left.waitFor()).isNotZero();
      assertThat(stranger.isAlive()).isTrue();
      assertThat(Preflight.endOrphans(layout(), said::add)).isEmpty();
    } finally {
      left.destroyForcibly();
      stranger.destroyForcibly();
    }
  }

  @Test
  void saysWhoElseRunsAServerOnTheDatabase() throws Exception {
    var data = Files.createDirectories(layout().postgres().resolve("data"));
    var preflight = new Preflight(layout(), all());
    preflight.database();
    var server =
        new ProcessBuilder("sh", "-c", "sleep 600; :", "postgres", "-D", data.toString()).start();
    var stranger = new ProcessBuilder("sleep", "600").start();
    try {
      Files.writeString(data.resolve("postmaster.pid"), server.pid() + "\n" + data + "\n");
      assertThatThrownBy(preflight::database)
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("(pid " + server.pid() + ") runs on the database in");

      Files.writeString(data.resolve("postmaster.pid"), stranger.pid() + "\n" + data + "\n");
      preflight.database();
    } finally {
      server.descendants().forEach(ProcessHandle::destroyForcibly);
      server.destroyForcibly();
      stranger.destroyForcibly();
    }
  }

  @Test
  void letsOnlyOneSupervisorRun() throws Exception {
    try (var lock = RunLock.tryTake(layout()).orElseThrow()) {
      assertThat(RunLock.tryTake(layout())).isEmpty();
      assertThat(RunLock.owner(layout())).map(RunLock.Owner::port).contains(-1);
      lock.announce(RunLock.Owner.self(8099, 5));
      var owner = RunLock.owner(layout()).orElseThrow();
      assertThat(owner.process()).contains(ProcessHandle.current());
      assertThat(owner.portOffset()).isEqualTo(5);
    }
    assertThat(RunLock.owner(layout())).isEmpty();
  }

  @Test
  void believesNothingThatAKilledSupervisorHasLeft() throws Exception {
    Files.createDirectories(layout().run());
    // The pid is another program's by now.
    var stranger = ProcessHandle.current().pid();
    Files.writeString(layout().run().resolve("supervisor"), stranger + " 8099 0 1000\n");

    assertThat(RunLock.announced(layout())).isEmpty();
    try (var _ = RunLock.tryTake(layout()).orElseThrow()) {
      var starting = RunLock.owner(layout()).orElseThrow();
      assertThat(starting.port()).isEqualTo(-1);
      assertThat(starting.process()).isEmpty();
    }
  }

  private Layout layout() {
    return Layout.in(folder);
  }

  private void catalog(String text) throws IOException {
    Files.createDirectories(layout().catalog().getParent());
    Files.writeString(layout().catalog(), text);
  }

  private static Plan all() {
    return Plan.of(true, List.of(), 0, null);
  }

  private static Plan.ExternalDatabase external() {
    return new Plan.ExternalDatabase("jdbc:postgresql://db/x", "u", "p");
  }
}
