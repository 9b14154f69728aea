package dev.watchtower.launcher.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With processes that have a server's name. */
class ServerLockTest {
  /** The process that makes the others of the kernel's own. */
  private static final long KERNEL = 2;

  @TempDir private Path folder;
  private final List<Process> running = new ArrayList<>();
  private Path data;

  @BeforeEach
  void data() throws IOException {
    data = Files.createDirectories(folder.resolve("pg/data"));
  }

  @AfterEach
  void end() {
    running.forEach(Process::destroyForcibly);
  }

  @Test
  void removesTheLockOfAnotherDirectory() throws Exception {
    var original = Files.createDirectories(folder.resolve("original"));
    var server = server(original, "-D", original.toString());

    assertThat(keeps(server.pid(), original, started(server))).isFalse();
    assertThat(keeps(server.pid(), folder.resolve("gone"), started(server))).isFalse();
  }

  @Test
  void keepsTheLockOfAServerThatRunsHereWhateverItSays() throws Exception {
    var before = Instant.EPOCH.plusSeconds(1);
    assertThat(keeps(server(folder, "-D", data.toString()).pid(), data, before)).isTrue();
    // The clock was set, and the directory was moved.
    var moved = server(data, "-D", "/where/it/was");
    assumeThat(Path.of("/proc", Long.toString(moved.pid()), "cwd")).exists();
    assertThat(keeps(moved.pid(), Path.of("/where/it/was"), before)).isTrue();
    assertThat(ServerLock.in(data).flatMap(ServerLock::holder)).contains(moved.toHandle());
  }

  @Test
  void keepsTheLockOfAServerOfWhichTooLittleIsKnown() throws Exception {
    var server = server(folder);
    assertThat(keeps(server.pid(), data, started(server))).isTrue();
    assertThat(ServerLock.in(data).flatMap(ServerLock::holder)).isEmpty();
  }

  @Test
  void removesTheLockOfAPidThatIsAnothersByNow() throws Exception {
    var other = server(folder);
    assertThat(keeps(other.pid(), data, started(other).minusSeconds(60))).isFalse();
  }

  @Test
  void removesTheLockWhosePidIsTheKernelsOwnByNow() throws Exception {
    assumeThat(ProcessHandle.of(KERNEL).flatMap(p -> p.info().startInstant())).isPresent();
    assumeThat(Path.of("/proc", Long.toString(KERNEL), "comm")).hasContent("kthreadd");
    assertThat(keeps(KERNEL, data, Instant.EPOCH.plusSeconds(4_000_000_000L))).isFalse();
  }

  /** Whether the lock is there after a look at it. */
  private boolean keeps(long pid, Path directory, Instant started) throws IOException {
    var lock = data.resolve("postmaster.pid");
    Files.writeString(lock, pid + "\n" + directory + "\n" + started.getEpochSecond() + "\n");
    ServerLock.removeStale(data);
    return Files.exists(lock);
  }

  private static Instant started(Process process) {
    return process.info().startInstant().orElseThrow();
  }

  /** A process of that name, which waits for its input. */
  private Process server(Path workingDirectory, String... arguments) throws IOException {
    var program = folder.resolve("postgres");
    if (!Files.exists(program)) {
      Files.copy(Path.of("/bin/sh").toRealPath(), program, StandardCopyOption.COPY_ATTRIBUTES);
    }
    var command = new ArrayList<>(List.of(program.toString(), "-c", "read line", "postgres"));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command).directory(new File(workingDirectory.toString())).start();
    running.add(process);
    return process;
  }
}
