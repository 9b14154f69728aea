package dev.watchtower.launcher.supervisor;

import dev.watchtower.common.security.OwnFolder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;

/**
 * What a process prints, in {@code NAME.log}; at {@code limit} bytes it becomes {@code NAME.log.1}
 * and the one before {@code NAME.log.2}, so that a log never takes more than three times the limit.
 */
public final class RotatingLog {
  /** The limit of a process' log: three times 10 MB in all. */
  public static final long USUAL_LIMIT = 10L << 20;

  private static final int KEPT = 2;

  private final Path file;
  private final long limit;
  private OutputStream out;
  private long size;
  private long lost;

  /**
   * Goes on with the log in {@code file}; no other user of this machine may enter its folder.
   *
   * @param limit bytes after which the next write begins a new file
   * @throws IOException if it cannot be opened
   */
  public RotatingLog(Path file, long limit) throws IOException {
    this.file = file;
    this.limit = limit;
    // A folder of somebody else's is their affair: perhaps a collector's.
    var unused = OwnFolder.make(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    this.out = open();
    this.size = Files.size(file);
  }

  /**
   * Copies all of {@code in} into the log; returns at its end. One thread per stream; several
   * streams may share a log.
   */
  void drain(InputStream in) throws IOException {
    byte[] buffer = new byte[8192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      write(buffer, n);
    }
  }

  /** Adds a line of our own. */
  public void line(String text) {
    byte[] bytes = (text + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
    write(bytes, bytes.length);
  }

  /** A stream into the log, for those who print; any thread may. */
  public PrintStream stream() {
    var into =
        new OutputStream() {
          @Override
          public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            RotatingLog.this.write(Arrays.copyOfRange(bytes, offset, offset + length), length);
          }
        };
    return new PrintStream(into, true, StandardCharsets.UTF_8);
  }

  synchronized void close() throws IOException {
    out.close();
  }

  /**
   * A full disk must not stop the process that prints: what cannot be written is counted, and the
   * log says so later.
   */
  private synchronized void write(byte[] bytes, int length) {
    try {
      if (size >= limit) {
        rotate();
      }
      if (lost > 0) {
        out.close();
        out = open();
        out.write(
            "watchtower: %d bytes of this log could not be written%n"
                .formatted(lost)
                .getBytes(StandardCharsets.UTF_8));
        lost = 0;
      }
      out.write(bytes, 0, length);
      size += length;
    } catch (IOException e) {
      lost += length;
    }
  }

  private void rotate() throws IOException {
    out.close();
    for (int i = KEPT; i >= 1; i--) {
      var from = i == 1 ? file : numbered(i - 1);
      if (Files.exists(from)) {
        Files.move(from, numbered(i), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    out = open();
    size = 0;
  }

  private Path numbered(int i) {
    return file.resolveSibling(file.getFileName() + "." + i);
  }

  private OutputStream open() throws IOException {
    return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
