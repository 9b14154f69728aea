package dev.watchtower.launcher.suite;

import dev.watchtower.common.security.WholeFiles;
import dev.watchtower.launcher.files.FolderIdentity;
import dev.watchtower.launcher.supervisor.ProcessRecords;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Held by the one supervisor of a data directory for as long as it lives; the system lets go of it
 * when the supervisor is killed. Beside it stands who the supervisor is, and in which directory: in
 * a copy of the directory it is nobody.
 */
public final class RunLock implements AutoCloseable {
  private static final String NAME = "supervisor";

  private final FileChannel channel;
  private final Layout layout;

  private RunLock(FileChannel channel, Layout layout) {
    this.channel = channel;
    this.layout = layout;
  }

  /**
   * A supervisor that runs.
   *
   * @param port of its interface
   * @param portOffset that it was started with
   * @param birth tells it from another program that has its pid later
   */
  public record Owner(long pid, int port, int portOffset, String birth) {
    /** This process, as the supervisor of a suite. */
    public static Owner self(int port, int portOffset) {
      var entry = ProcessRecords.Entry.of(NAME, ProcessHandle.current());
      return new Owner(entry.pid(), port, portOffset, entry.birth());
    }

    /** Its process, if it still runs and is the same one. */
    public Optional<ProcessHandle> process() {
      return new ProcessRecords.Entry(NAME, pid, birth).process();
    }
  }

  /** Takes the lock, unless another supervisor has it. */
  public static Optional<RunLock> tryTake(Layout layout) throws IOException {
    Files.createDirectories(layout.run());
    var channel =
        FileChannel.open(
            layout.run().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      return Optional.empty();
    }
    // What a killed supervisor has left there is not true any more.
    Files.deleteIfExists(infoFile(layout));
    return Optional.of(new RunLock(channel, layout));
  }

  /**
   * Who has said that it holds the lock of this very directory and runs; looks without touching the
   * lock.
   */
  public static Optional<Owner> announced(Layout layout) throws IOException {
    var parts = read(layout);
    return parts.length == 5 && parts[4].equals(FolderIdentity.of(layout.data()))
        ? running(parts)
        : Optional.empty();
  }

  /** As {@link #announced}, of an earlier version, which did not say in which directory it is. */
  private static Optional<Owner> announcedEarlier(Layout layout) throws IOException {
    var parts = read(layout);
    return parts.length == 4 ? running(parts) : Optional.empty();
  }

  /** Who holds the lock of {@code layout}, if somebody does. */
  public static Optional<Owner> owner(Layout layout) throws IOException {
    // Taking the lock only to look would make a supervisor fail that wants it at that moment.
    var known = announced(layout);
    if (known.isPresent()) {
      return known;
    }
    var free = tryTake(layout);
    if (free.isPresent()) {
      free.get().channel.close();
      return Optional.empty();
    }
    var starting = announced(layout);
    if (starting.isEmpty()) {
      starting = announcedEarlier(layout);
    }
    // It has the lock and has not said yet who it is: it is only just starting.
    return starting.or(() -> Optional.of(new Owner(-1, -1, 0, "")));
  }

  private static String[] read(Layout layout) throws IOException {
    try {
      return Files.readString(infoFile(layout)).strip().split(" ", -1);
    } catch (NoSuchFileException e) {
      return new String[0];
    }
  }

  private static Optional<Owner> running(String[] parts) {
    try {
      return Optional.of(
              new Owner(
                  Long.parseLong(parts[0]),
                  Integer.parseInt(parts[1]),
                  Integer.parseInt(parts[2]),
                  parts[3]))
          .filter(o -> o.process().isPresent());
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Says who holds the lock. */
  public void announce(Owner owner) throws IOException {
    WholeFiles.replace(
        infoFile(layout),
        "%d %d %d %s %s\n"
            .formatted(
                owner.pid(),
                owner.port(),
                owner.portOffset(),
                owner.birth(),
                FolderIdentity.of(layout.data())),
        false);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(infoFile(layout));
    channel.close();
  }

  private static Path infoFile(Layout layout) {
    return layout.run().resolve("supervisor");
  }
}
