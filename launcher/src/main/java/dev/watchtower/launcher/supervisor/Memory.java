package dev.watchtower.launcher.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Resident memory of processes, where the system tells (Linux). */
public final class Memory {
  private Memory() {}

  /**
   * Bytes of resident memory of {@code process} and all its descendants, shared pages counted by
   * share where the system allows; 0 where it does not tell.
   */
  public static long residentBytes(ProcessHandle process) {
    long sum = one(process.pid());
    return process.descendants().mapToLong(p -> one(p.pid())).reduce(sum, Long::sum);
  }

  /** The same for {@code process} alone. */
  public static long ownResidentBytes(ProcessHandle process) {
    return one(process.pid());
  }

  private static long one(long pid) {
    long share = kilobytes(Path.of("/proc", Long.toString(pid), "smaps_rollup"), "Pss:");
    long kilobytes =
        share > 0 ? share : kilobytes(Path.of("/proc", Long.toString(pid), "status"), "VmRSS:");
    return kilobytes * 1024;
  }

  private static long kilobytes(Path file, String key) {
    try {
      for (var line : Files.readAllLines(file)) {
        if (line.startsWith(key)) {
          return Long.parseLong(line.substring(key.length()).replace("kB", "").strip());
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Gone in between, or a system without /proc: both mean that there is nothing to tell.
    }
    return 0;
  }
}
