package dev.watchtower.launcher.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The processes that the supervisor started, kept on disk, so that the next supervisor finds what a
 * killed one left. A process is known by pid <em>and</em> birth: a pid that the system gave to
 * another program is never touched.
 */
public final class ProcessRecords {
  private final Path file;

  /** Records in {@code file}. */
  public ProcessRecords(Path file) {
    this.file = file;
  }

  /**
   * One process.
   *
   * @param birth tells it from every other process that has or had this pid
   */
  public record Entry(String name, long pid, String birth) {
    /** The entry of a running process. */
    public static Entry of(String name, ProcessHandle process) {
      return new Entry(name, process.pid(), ProcessBirth.of(process));
    }

    /** The process, if it still runs and is the same one. */
    public Optional<ProcessHandle> process() {
      return ProcessHandle.of(pid)
          .filter(ProcessHandle::isAlive)
          .filter(p -> ProcessBirth.isOf(p, birth));
    }
  }

  /** What is on disk; lines that cannot be read are left out. */
  public List<Entry> read() throws IOException {
    var entries = new ArrayList<Entry>();
    try {
      for (var line : Files.readAllLines(file)) {
        var parts = line.split(" ", -1);
        if (parts.length == 3 && parts[1].matches("\\d{1,10}") && ProcessBirth.isWord(parts[2])) {
          entries.add(new Entry(parts[0], Long.parseLong(parts[1]), parts[2]));
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return List.copyOf(entries);
  }

  /** Replaces what is on disk. */
  public void write(Collection<Entry> entries) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    var part = file.resolveSibling(file.getFileName() + ".part");
    Files.write(
        part, entries.stream().map(e -> e.name() + " " + e.pid() + " " + e.birth()).toList());
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
