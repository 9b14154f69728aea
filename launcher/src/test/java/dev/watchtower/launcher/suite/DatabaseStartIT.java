package dev.watchtower.launcher.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.launcher.lifecycle.ProcessEvent;
import dev.watchtower.launcher.supervisor.ProcessRecords;
import dev.watchtower.launcher.supervisor.ProcessSpec;
import dev.watchtower.launcher.supervisor.ProcessSpec.EndSignal;
import dev.watchtower.launcher.supervisor.ProcessSpec.Launch;
import dev.watchtower.launcher.supervisor.Supervisor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a process that stands in for the database. */
class DatabaseStartIT {
  private static final DatabaseStart.Limits SHORT =
      new DatabaseStart.Limits(Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(30));

  @TempDir private Path folder;
  private final List<String> said = new ArrayList<>();

  @Test
  void waitsAsLongAsTheDatabaseSaysThatItRecovers() throws Exception {
    var asked = new AtomicInteger();
    try (var supervisor = running(List.of("sleep", "600"), () -> asked.get() > 8)) {
      start(supervisor, () -> asked.incrementAndGet() > 0, SHORT).await();
    }
    assertThat(asked).hasValueGreaterThan(8);
    assertThat(said).hasSize(2).last().isEqualTo("");
    assertThat(said.getFirst()).startsWith("The database was not ended in order");
  }

  @Test
  void givesUpADatabaseThatSaysNothingOrDoesNotComeToAnEnd() throws Exception {
    try (var supervisor = running(List.of("sleep", "600"), () -> false)) {
      assertThatThrownBy(() -> start(supervisor, () -> false, SHORT).await())
          .hasMessageStartingWith("The database does not start within 1 s");
      var limits =
          new DatabaseStart.Limits(Duration.ofSeconds(30), Duration.ZERO, Duration.ofSeconds(1));
      assertThatThrownBy(() -> start(supervisor, () -> true, limits).await())
          .hasMessageStartingWith("The database is still recovering after 0 min");
    }
  }

  private DatabaseStart start(
      Supervisor supervisor, BooleanSupplier recovering, DatabaseStart.Limits limits) {
    return new DatabaseStart(supervisor, recovering, said::add, limits);
  }

  @SystemEdge("the process is real")
  private Supervisor running(List<String> command, BooleanSupplier healthy) throws IOException {
    var spec =
        new ProcessSpec(
            Component.POSTGRES.id(),
            1,
            false,
            () -> new Launch(command, Map.of(), folder),
            healthy,
            EndSignal.TERM);
    var supervisor =
        new Supervisor(
            List.of(spec),
            folder.resolve("logs"),
            new ProcessRecords(folder.resolve("pids"), folder),
            Clock.systemUTC(),
            (before, after) -> {});
    var unused = supervisor.tell(Component.POSTGRES.id(), new ProcessEvent.Start());
    return supervisor;
  }
}
