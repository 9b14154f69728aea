package dev.watchtower.launcher.suite;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Held by the one supervisor of a data directory for as long as it lives; the system lets go of it
 * when the supervisor is killed. Beside it stands who the supervisor is.
 */
public final class RunLock implements AutoCloseable {
  private final FileChannel channel;
  private final Path info;

  private RunLock(FileChannel channel, Path info) {
    this.channel = channel;
    this.info = info;
  }

  /**
   * A supervisor that runs.
   *
   * @param port of its interface
   * @param portOffset that it was started with
   */
  public record Owner(long pid, int port, int portOffset) {
    /** Its process. */
    public Optional<ProcessHandle> process() {
      return ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
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
    return Optional.of(new RunLock(channel, infoFile(layout)));
  }

  /** Who holds the lock of {@code layout}, if somebody does. */
  public static Optional<Owner> owner(Layout layout) throws IOException {
    var free = tryTake(layout);
    if (free.isPresent()) {
      free.get().channel.close();
      return Optional.empty();
    }
    try {
      var parts = Files.readString(infoFile(layout)).strip().split(" ", -1);
      if (parts.length == 3) {
        return Optional.of(
            new Owner(
                Long.parseLong(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2])));
      }
    } catch (NoSuchFileException | NumberFormatException e) {
      // The supervisor has the lock and has not said yet who it is: it is only just starting.
    }
    return Optional.of(new Owner(-1, -1, 0));
  }

  /** Says who holds the lock. */
  public void announce(Owner owner) throws IOException {
    var part = info.resolveSibling("supervisor.part");
    Files.writeString(part, owner.pid() + " " + owner.port() + " " + owner.portOffset() + "\n");
    Files.move(part, info, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(info);
    channel.close();
  }

  private static Path infoFile(Layout layout) {
    return layout.run().resolve("supervisor");
  }
}
