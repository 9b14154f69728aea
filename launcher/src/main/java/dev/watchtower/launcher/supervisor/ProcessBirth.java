package dev.watchtower.launcher.supervisor;

import dev.watchtower.common.time.SystemEdge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * When a process began, as a word that tells it from every other process with its pid. On Linux it
 * is the start of the machine (its boot id) and the kernel's ticks since then, which no step of the
 * clock moves; elsewhere, what the system makes of the clock, in milliseconds.
 */
final class ProcessBirth {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** Field 22 of the file stat, counted from what follows the name, which may hold blanks. */
  private static final int START_TICKS = 22 - 3;

  /** State, field 3, of a process that has ended and that nobody has asked for its exit code. */
  private static final String ZOMBIE = "Z";

  private static final Pattern WORD = Pattern.compile("\\d{1,15}|[0-9a-f-]{32,36}:[1-9]\\d{0,18}");
  private static final Pattern MILLIS = Pattern.compile("\\d{1,15}");

  /** How far two readings of one process's start by the clock may lie apart. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private ProcessBirth() {}

  /** Whether {@code text} can be the birth of a process. */
  static boolean isWord(String text) {
    return WORD.matcher(text).matches();
  }

  /** When {@code process} began. */
  @SystemEdge("only where the system does not tell when a process started")
  static String of(ProcessHandle process) {
    return byTicks(process)
        .orElseGet(() ->
            Long.toString(process.info().startInstant().orElseGet(Instant::now).toEpochMilli()));
  }

  /** Whether {@code process} is the one that began then, and has not ended. */
  static boolean isOf(ProcessHandle process, String birth) {
    if (!MILLIS.matcher(birth).matches()) {
      return byTicks(process).filter(birth::equals).isPresent();
    }
    var at = Instant.ofEpochMilli(Long.parseLong(birth));
    return process
        .info()
        .startInstant()
        .filter(begun -> Duration.between(begun, at).abs().compareTo(TOLERANCE) <= 0)
        .isPresent();
  }

  /** Whether {@code process} has ended, even if nobody has asked for its exit code yet. */
  static boolean hasEnded(ProcessHandle process) {
    try {
      return !process.isAlive() || stat(process)[0].equals(ZOMBIE);
    } catch (IOException e) {
      return !process.isAlive();
    }
  }

  /** The fields of the file stat from the third on, the state. */
  private static String[] stat(ProcessHandle process) throws IOException {
    var stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    return stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
  }

  private static Optional<String> byTicks(ProcessHandle process) {
    try {
      var fields = stat(process);
      if (fields[0].equals(ZOMBIE)) {
        return Optional.empty();
      }
      var word = Files.readString(BOOT_ID).strip() + ":" + fields[START_TICKS];
      return Optional.of(word).filter(ProcessBirth::isWord);
    } catch (IOException | IndexOutOfBoundsException e) {
      // It is gone, or this is no Linux.
      return Optional.empty();
    }
  }
}
