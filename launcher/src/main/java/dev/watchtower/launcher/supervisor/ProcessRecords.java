package dev.watchtower.launcher.supervisor;

import dev.watchtower.launcher.files.FolderIdentity;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The processes that the supervisor started, kept on disk, so that the next supervisor finds what a
 * killed one left. A process is known by pid <em>and</em> birth: a pid that the system gave to
 * another program is never touched. The records count in the data directory that they were written
 * in: in a copy of it (a snapshot, a backup) they name processes of the original.
 */
public final class ProcessRecords {
  /** Before the identity of the data directory; no process is called so and has a word less. */
  private static final String DIRECTORY = "directory";

  private final Path file;
  private final Path data;

  /**
   * Records in {@code file}.
   *
   * @param data the data directory that the processes belong to
   */
  public ProcessRecords(Path file, Path data) {
    this.file = file;
    this.data = data.toAbsolutePath();
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

  /** What is on disk and counts here; lines that cannot be read are left out. */
  public List<Entry> read() throws IOException {
    if (copied()) {
      return List.of();
    }
    var lines = lines();
    var entries = new ArrayList<Entry>();
    for (var line : lines) {
      var parts = line.split(" ", -1);
      if (parts.length == 3 && parts[1].matches("\\d{1,10}") && ProcessBirth.isWord(parts[2])) {
        entries.add(new Entry(parts[0], Long.parseLong(parts[1]), parts[2]));
      }
    }
    if (directory(lines).isEmpty()) {
      // Of an earlier version, which did not say where it was: the processes have to.
      entries.removeIf(e -> e.process().filter(this::isOfThisDirectory).isEmpty());
    }
    return List.copyOf(entries);
  }

  /** Whether what is on disk was written in another directory, of which this one is a copy. */
  public boolean copied() throws IOException {
    var directory = directory(lines());
    return directory.isPresent() && !directory.get().equals(FolderIdentity.of(data));
  }

  /** Replaces what is on disk. */
  public void write(Collection<Entry> entries) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    var lines = new ArrayList<String>();
    if (!entries.isEmpty()) {
      lines.add(DIRECTORY + " " + FolderIdentity.of(data));
    }
    entries.forEach(e -> lines.add(e.name() + " " + e.pid() + " " + e.birth()));
    var part = file.resolveSibling(file.getFileName() + ".part");
    Files.write(part, lines);
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private List<String> lines() throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static Optional<String> directory(List<String> lines) {
    return lines.stream()
        .map(line -> line.split(" ", -1))
        .filter(parts -> parts.length == 2 && parts[0].equals(DIRECTORY))
        .map(parts -> parts[1])
        .findFirst();
  }

  /** A service is run from a jar in the data directory, the database is given its folder there. */
  private boolean isOfThisDirectory(ProcessHandle process) {
    var arguments = process.info().arguments();
    return arguments.isPresent()
        && Arrays.stream(arguments.get()).anyMatch(a -> a.startsWith(data + File.separator));
  }
}
