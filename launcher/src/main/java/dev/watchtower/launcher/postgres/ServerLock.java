package dev.watchtower.launcher.postgres;

import dev.watchtower.launcher.supervisor.Signals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The lock file of a server: its pid, its data directory and when it started, a line each. A server
 * that is killed leaves it, and a copy of the directory has it too; PostgreSQL only looks whether
 * the pid is alive, and would not start.
 */
final class ServerLock {
  private static final String NAME = "postmaster.pid";
  private static final String PROGRAM = "postgres";

  /** How much later than it is a process's start may be told to be. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private final Path data;
  private final List<String> lines;

  private ServerLock(Path data, List<String> lines) {
    this.data = data;
    this.lines = lines;
  }

  /** The lock in {@code data}, if there is one. */
  static Optional<ServerLock> in(Path data) throws IOException {
    try {
      // Paths may be in any encoding.
      var text = new String(Files.readAllBytes(data.resolve(NAME)), StandardCharsets.UTF_8);
      return Optional.of(new ServerLock(data, text.lines().toList()));
    } catch (NoSuchFileException e) {
      // It ended in order.
      return Optional.empty();
    }
  }

  /** Removes the lock in {@code data} when it surely is of no server that runs on it. */
  static void removeStale(Path data) throws IOException {
    var lock = in(data);
    if (lock.isPresent() && lock.get().stale()) {
      Files.deleteIfExists(data.resolve(NAME));
    }
  }

  /** The server that runs on this very directory, where the system tells enough of it. */
  Optional<ProcessHandle> holder() {
    return process().filter(this::runsHere);
  }

  /** What cannot be told is not: a pid that is nobody's PostgreSQL sees itself. */
  private boolean stale() {
    return holder().isEmpty()
        && (isOfAnotherDirectory() || process().filter(this::isOther).isPresent());
  }

  private Optional<ProcessHandle> process() {
    return line(0)
        .filter(l -> l.matches("\\d{1,9}"))
        .map(Long::parseLong)
        .flatMap(ProcessHandle::of)
        .filter(ProcessHandle::isAlive);
  }

  private boolean runsHere(ProcessHandle process) {
    var arguments = process.info().arguments();
    return (arguments.isPresent() && Arrays.asList(arguments.get()).contains(data.toString()))
        || (name(process).filter(n -> n.startsWith(PROGRAM)).isPresent() && worksHere(process));
  }

  /** A server's working directory is its data directory, also after that was moved. */
  private boolean worksHere(ProcessHandle process) {
    try {
      return Files.isSameFile(Path.of("/proc", Long.toString(process.pid()), "cwd"), data);
    } catch (IOException e) {
      return false;
    }
  }

  private boolean isOfAnotherDirectory() {
    try {
      var directory = line(1);
      return directory.isPresent() && !Files.isSameFile(Path.of(directory.get()), data);
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException | InvalidPathException e) {
      return false;
    }
  }

  /** Whether {@code process}, which has the pid, cannot be the server that wrote the lock. */
  private boolean isOther(ProcessHandle process) {
    return Signals.ended(process)
        || name(process).filter(n -> !n.startsWith(PROGRAM)).isPresent()
        || startedLater(process);
  }

  private boolean startedLater(ProcessHandle process) {
    var written =
        line(2)
            .filter(l -> l.matches("\\d{1,11}"))
            .map(Long::parseLong)
            .map(Instant::ofEpochSecond);
    var started = process.info().startInstant();
    return written.isPresent()
        && started.isPresent()
        && started.get().isAfter(written.get().plus(TOLERANCE));
  }

  /**
   * Linux tells the name of every process, of the kernel's own too, and the program only of some.
   */
  private static Optional<String> name(ProcessHandle process) {
    try {
      return Optional.of(
          Files.readString(Path.of("/proc", Long.toString(process.pid()), "comm")).strip());
    } catch (IOException e) {
      return process.info().command().map(c -> String.valueOf(Path.of(c).getFileName()));
    }
  }

  private Optional<String> line(int index) {
    return lines.stream().skip(index).findFirst().filter(l -> !l.isBlank());
  }
}
