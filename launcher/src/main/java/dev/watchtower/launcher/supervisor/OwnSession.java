package dev.watchtower.launcher.supervisor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands in a session of their own, where the system can do that: Ctrl-C at the terminal goes to
 * its whole process group. Every step replaces the process before it, so the pid stays the
 * program's own.
 */
public final class OwnSession {
  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private static final Path NICE = Path.of("/usr/bin/nice");
  private static final Path SHELL = Path.of("/bin/sh");

  private static final int NICEST = 19;

  private OwnSession() {}

  /**
   * {@code command} in a session of its own. Where Linux shares the processor among sessions first,
   * niceness does not make it step back for other programs: who watches, and what is watched, must
   * not starve beside a busy neighbour.
   *
   * @param niceness of the process; 0 to 19
   */
  static List<String> of(List<String> command, int niceness) {
    return inSession(niceness == 0 ? command : nice(command, niceness));
  }

  /**
   * {@code command} in a session of its own that gets what all other programs leave, also where
   * Linux shares the processor among sessions first.
   */
  public static List<String> behindAll(List<String> command) {
    if (!Files.isExecutable(SHELL)) {
      return of(command, NICEST);
    }
    var all =
        new ArrayList<>(
            List.of(
                SHELL.toString(),
                "-c",
                "{ echo " + NICEST + " > /proc/self/autogroup; } 2>/dev/null; exec \"$@\"",
                "sh"));
    all.addAll(nice(command, NICEST));
    return inSession(all);
  }

  private static List<String> nice(List<String> command, int niceness) {
    return Files.isExecutable(NICE)
        ? prefixed(List.of(NICE.toString(), "-n", Integer.toString(niceness)), command)
        : command;
  }

  private static List<String> inSession(List<String> command) {
    return Files.isExecutable(SETSID) ? prefixed(List.of(SETSID.toString()), command) : command;
  }

  private static List<String> prefixed(List<String> first, List<String> command) {
    var all = new ArrayList<>(first);
    all.addAll(command);
    return all;
  }
}
