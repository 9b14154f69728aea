package dev.watchtower.launcher.supervisor;

import java.io.IOException;
import java.util.function.IntConsumer;

/** One run of a supervised process. */
final class Child {
  private final Process process;

  private Child(Process process) {
    this.process = process;
  }

  /**
   * Starts it, with what it prints going to {@code log}.
   *
   * @param exited told the exit code when it has ended, on a thread of its own
   */
  static Child start(String name, ProcessSpec.Launch launch, RotatingLog log, IntConsumer exited)
      throws IOException {
    var builder =
        new ProcessBuilder(OwnSession.of(launch.command(), launch.niceness()))
            .directory(launch.directory().toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(launch.environment());
    var process = builder.start();
    try {
      return following(process, name, log, exited);
    } catch (IOException | RuntimeException | Error e) {
      // Nobody would look after it.
      process.destroyForcibly();
      throw e;
    }
  }

  private static Child following(Process process, String name, RotatingLog log, IntConsumer exited)
      throws IOException {
    process.getOutputStream().close();
    Thread.ofPlatform()
        .daemon()
        .name("log-" + name)
        .stackSize(128 * 1024)
        .start(() -> {
          try (var in = process.getInputStream()) {
            log.drain(in);
          } catch (IOException e) {
            // The pipe of a killed process, or a full disk: the process itself is not harmed by a
            // lost log.
            System.err.println("the log of " + name + " ends here: " + e.getMessage());
          }
        });
    var unused = process.onExit().thenAccept(p -> exited.accept(p.exitValue()));
    return new Child(process);
  }

  ProcessHandle handle() {
    return process.toHandle();
  }
}
