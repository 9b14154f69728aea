package dev.watchtower.launcher.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** One run of a supervised process. */
final class Child {
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private static final Path NICE = Path.of("/usr/bin/nice");
  private static final Path SHELL = Path.of("/bin/sh");

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
        new ProcessBuilder(inItsOwnSession(politely(launch)))
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

  /**
   * With the niceness asked for. Linux shares the processor among sessions first, so the session
   * gets it too. Every step replaces the process before it, so the pid stays the program's own.
   */
  private static List<String> politely(ProcessSpec.Launch launch) {
    if (launch.niceness() == 0 || !Files.isExecutable(NICE) || !Files.isExecutable(SHELL)) {
      return launch.command();
    }
    var niceness = Integer.toString(launch.niceness());
    var all =
        new ArrayList<>(
            List.of(
                SHELL.toString(),
                "-c",
                "{ echo " + niceness + " > /proc/self/autogroup; } 2>/dev/null; exec \"$@\"",
                "sh",
                NICE.toString(),
                "-n",
                niceness));
    all.addAll(launch.command());
    return all;
  }

  /**
   * Ctrl-C at the terminal goes to its whole process group; a session of its own lets us end
   * children in order.
   */
  private static List<String> inItsOwnSession(List<String> command) {
    if (!Files.isExecutable(SETSID)) {
      return command;
    }
    var all = new ArrayList<String>();
    all.add(SETSID.toString());
    all.addAll(command);
    return all;
  }
}
