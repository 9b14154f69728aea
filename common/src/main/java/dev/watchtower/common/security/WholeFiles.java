package dev.watchtower.common.security;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.UUID;

/**
 * Writes small files so that a reader finds all of one or nothing: also after a full disk, a kill,
 * or a loss of power. Safe for use by several threads and processes.
 */
public final class WholeFiles {
  private WholeFiles() {}

  /**
   * Writes {@code text} to {@code file}, in place of what was there.
   *
   * @throws IOException if it cannot be written; {@code file} is then what it was
   */
  public static void replace(Path file, String text, boolean ownerOnly) throws IOException {
    var part = part(file, text, ownerOnly);
    try {
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    settle(file);
  }

  /** A new file beside {@code file} with {@code text}, on disk; the caller gives it its name. */
  static Path part(Path file, String text, boolean ownerOnly) throws IOException {
    var part = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".part");
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    var attributes =
        ownerOnly && posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try (var channel =
        FileChannel.open(
            part,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            attributes)) {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
      return part;
    } catch (IOException e) {
      Files.deleteIfExists(part);
      throw e;
    }
  }

  /** The name of {@code file} is on disk too, where the system can do that. */
  static void settle(Path file) {
    var folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      return;
    }
    try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Not every system can; the file itself is whole all the same.
    }
  }
}
