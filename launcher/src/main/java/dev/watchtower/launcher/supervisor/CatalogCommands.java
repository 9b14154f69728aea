package dev.watchtower.launcher.supervisor;

import dev.watchtower.common.catalog.Remediation.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Runs the commands that the catalog allows, and nothing else: no shell, no text of the caller's, a
 * small environment, a time limit, and only the end of what they print is kept. Safe for use by
 * several threads.
 */
public final class CatalogCommands {
  /** Most bytes of output that are kept, the last ones. */
  public static final int MAX_OUTPUT = 4 * 1024;

  private static final Duration DRAIN = Duration.ofSeconds(1);

  /** What the launcher's own environment is narrowed to: it holds secrets. */
  private static final List<String> PASSED_ON = List.of("PATH", "HOME", "LANG", "JAVA_HOME", "TZ");

  /** Reads the catalog's commands. */
  @FunctionalInterface
  public interface Source {
    /** The commands as the file says now. */
    List<Command> read() throws IOException;
  }

  /**
   * How a command ended.
   *
   * @param exit null when it was killed because its time was over
   * @param output the end of what it printed
   */
  public record Result(@Nullable Integer exit, boolean timedOut, long millis, String output) {}

  private final Source source;
  private final Path directory;
  private volatile List<Command> lastGood = List.of();

  /**
   * Commands of {@code source}, which is asked anew at each use; while it fails, its last good
   * answer counts.
   *
   * @param directory where they run
   */
  public CatalogCommands(Source source, Path directory) {
    this.source = source;
    this.directory = directory;
  }

  /** The command of that name that may run beside {@code process}. */
  public Optional<Command> find(String process, String name) {
    try {
      lastGood = List.copyOf(source.read());
    } catch (IOException | RuntimeException e) {
      System.err.println("the catalog's commands stay as they were: " + e.getMessage());
    }
    return lastGood.stream()
        .filter(c -> c.name().equals(name) && c.processes().contains(process))
        .findFirst();
  }

  /**
   * Runs a command to its end.
   *
   * @param pid of the process beside which it runs
   * @throws IOException if it cannot be started
   */
  public Result run(Command command, ProcessSnapshot process, long pid)
      throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
            command.run().stream()
                .map(arg ->
                    arg.replace("{pid}", Long.toString(pid))
                        .replace("{port}", Integer.toString(process.port())))
                .toList());
    builder.directory(directory.toFile()).redirectErrorStream(true);
    builder.environment().keySet().retainAll(PASSED_ON);
    builder
        .environment()
        .putAll(
            Map.of(
                "WATCHTOWER_PROCESS", process.name(),
                "WATCHTOWER_PID", Long.toString(pid),
                "WATCHTOWER_PORT", Integer.toString(process.port())));
    long begun = System.nanoTime();
    var child = builder.start();
    child.getOutputStream().close();
    var output = new CompletableFuture<String>();
    Thread.ofVirtual().start(() -> output.complete(tail(child.getInputStream())));
    boolean ended = child.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS);
    if (!ended) {
      child.descendants().collect(Collectors.toList()).forEach(ProcessHandle::destroyForcibly);
      child.destroyForcibly();
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    // A grandchild that lives on may hold the pipe open; the answer does not wait for it.
    var said = output.completeOnTimeout("", DRAIN.toMillis(), TimeUnit.MILLISECONDS).join();
    return new Result(ended ? child.exitValue() : null, !ended, millis, said);
  }

  private static String tail(InputStream in) {
    byte[] kept = new byte[0];
    var chunk = new byte[MAX_OUTPUT];
    try (in) {
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        int keep = Math.min(kept.length, MAX_OUTPUT - n);
        var next = new byte[keep + n];
        System.arraycopy(kept, kept.length - keep, next, 0, keep);
        System.arraycopy(chunk, 0, next, keep, n);
        kept = next;
      }
    } catch (IOException e) {
      // Killed: what it said until then is what there is.
    }
    return new String(kept, StandardCharsets.UTF_8);
  }
}
