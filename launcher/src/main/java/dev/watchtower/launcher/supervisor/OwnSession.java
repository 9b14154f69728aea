package dev.watchtower.launcher.supervisor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands in a session of their own, where the system can do that: Ctrl-C at the terminal goes to
 * its whole process group, and Linux shares the processor among sessions first, so that niceness
 * counts within a session only unless the session has it too.
 */
public final class OwnSession {
  private static final Path SETSID = Path.of("/usr/bin/setsid");
  private static final Path NICE = Path.of("/usr/bin/nice");
  private static final Path SHELL = Path.of("/bin/sh");

  private OwnSession() {}

  /**
   * {@code command} in a session of its own. Every step replaces the process before it, so the pid
   * stays the program's own.
   *
   * @param niceness of the process and its session; 0 to 19
   */
  public static List<String> of(List<String> command, int niceness) {
    var polite = politely(command, niceness);
    if (!Files.isExecutable(SETSID)) {
      return polite;
    }
    var all = new ArrayList<String>();
    all.add(SETSID.toString());
    all.addAll(polite);
    return all;
  }

  private static List<String> politely(List<String> command, int niceness) {
    if (niceness == 0 || !Files.isExecutable(NICE) || !Files.isExecutable(SHELL)) {
      return command;
    }
    var all =
        new ArrayList<>(
            List.of(
                SHELL.toString(),
                "-c",
                "{ echo " + niceness + " > /proc/self/autogroup; } 2>/dev/null; exec \"$@\"",
                "sh",
                NICE.toString(),
                "-n",
                Integer.toString(niceness)));
    all.addAll(command);
    return all;
  }
}
