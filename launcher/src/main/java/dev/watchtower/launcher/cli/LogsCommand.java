package dev.watchtower.launcher.cli;

import dev.watchtower.launcher.suite.Refusal;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code logs}: what a process prints. */
@Command(name = "logs", description = "Shows the end of a log.", mixinStandardHelpOptions = true)
final class LogsCommand implements Callable<Integer> {
  private static final int CHUNK = 64 * 1024;

  private final Shell shell;

  @Parameters(paramLabel = "SERVICE", description = "ingest, incident, postgres, supervisor, ...")
  private String service = "";

  @Option(names = "-f", description = "Goes on showing what is added.")
  private boolean follow;

  @Option(names = "-n", paramLabel = "LINES", defaultValue = "100", description = "How many lines.")
  private int lines;

  LogsCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (!service.matches("[a-z-]{1,40}")) {
      throw new Refusal("'" + service + "' is not the name of a service.");
    }
    var file = shell.layout().logs().resolve(service + ".log");
    if (!Files.exists(file)) {
      throw new Refusal("There is no log of " + service + " in " + shell.layout().logs() + ".");
    }
    long at = printEnd(file);
    if (follow) {
      follow(file, at);
    }
    return 0;
  }

  private long printEnd(Path file) throws IOException {
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      long size = in.length();
      long start = startOfLastLines(in, size);
      in.seek(start);
      copy(in, size - start);
      return size;
    }
  }

  private long startOfLastLines(RandomAccessFile in, long size) throws IOException {
    if (lines <= 0) {
      return size;
    }
    int found = 0;
    byte[] buffer = new byte[CHUNK];
    for (long end = size; end > 0; ) {
      long start = Math.max(0, end - CHUNK);
      int length = (int) (end - start);
      in.seek(start);
      in.readFully(buffer, 0, length);
      for (int i = length - 1; i >= 0; i--) {
        // The newline at the very end belongs to the last line.
        if (buffer[i] == '\n' && start + i < size - 1) {
          found++;
          if (found == lines) {
            return start + i + 1;
          }
        }
      }
      end = start;
    }
    return 0;
  }

  private void follow(Path file, long from) throws IOException, InterruptedException {
    long at = from;
    try (var watch = file.getFileSystem().newWatchService()) {
      shell
          .layout()
          .logs()
          .register(
              watch, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
      while (!shell.out().checkError()) {
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
          long size = in.length();
          if (size < at) {
            at = 0;
          }
          in.seek(at);
          copy(in, size - at);
          at = size;
        }
        var key = watch.poll(1, TimeUnit.SECONDS);
        if (key != null) {
          key.pollEvents();
          key.reset();
        }
      }
    }
  }

  private void copy(RandomAccessFile in, long length) throws IOException {
    byte[] buffer = new byte[CHUNK];
    for (long left = length; left > 0; ) {
      int read = in.read(buffer, 0, (int) Math.min(CHUNK, left));
      if (read < 0) {
        break;
      }
      shell.out().write(buffer, 0, read);
      left -= read;
    }
    shell.out().flush();
  }
}
