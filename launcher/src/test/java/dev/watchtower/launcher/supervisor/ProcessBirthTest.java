package dev.watchtower.launcher.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class ProcessBirthTest {
  private final ProcessHandle self = ProcessHandle.current();

  @Test
  void isTakenFromWhatNoStepOfTheClockMoves() throws Exception {
    assumeThat(Path.of("/proc/sys/kernel/random/boot_id")).exists();
    var birth = ProcessBirth.of(self);

    assertThat(birth)
        .startsWith(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip() + ":")
        .satisfies(word -> assertThat(ProcessBirth.isWord(word)).isTrue());
    var ticks = birth.substring(birth.indexOf(':') + 1);
    assertThat(Files.readString(Path.of("/proc/self/stat"))).contains(" " + ticks + " ");
  }

  @Test
  void tellsProcessesOfOnePidApart() {
    var birth = ProcessBirth.of(self);
    assertThat(ProcessBirth.isOf(self, birth)).isTrue();
    assertThat(ProcessBirth.isOf(self, birth + "1")).isFalse();
    assertThat(ProcessBirth.isOf(self, "")).isFalse();
  }

  @Test
  void knowsAProcessByTheClockWhereNothingElseWasWritten() {
    long began = self.info().startInstant().orElseThrow().toEpochMilli();
    assertThat(ProcessBirth.isOf(self, Long.toString(began - 1000))).isTrue();
    assertThat(ProcessBirth.isOf(self, Long.toString(began - 60_000))).isFalse();
  }

  /** As after a kill, where the first process of a container does not care for others. */
  @Test
  void knowsAProcessNoMoreThatHasEndedUnnoticed() throws Exception {
    assumeThat(Path.of("/proc/self/stat")).exists();
    var running = new ProcessBuilder("sh", "-c", "sleep 0.5 & exec sleep 600").start();
    try {
      var child =
          Awaitility.await()
              .until(() -> running.children().findFirst(), Optional::isPresent)
              .orElseThrow();
      var birth = ProcessBirth.of(child);
      assertThat(ProcessBirth.isOf(child, birth)).isTrue();

      Awaitility.await().until(() -> !ProcessBirth.isOf(child, birth));
      assertThat(child.isAlive()).as("its entry is still there").isTrue();
    } finally {
      running.destroyForcibly();
    }
  }

  @Test
  void isOneWord() {
    assertThat(ProcessBirth.isWord("1700000000000")).isTrue();
    assertThat(ProcessBirth.isWord("a b")).isFalse();
    assertThat(ProcessBirth.isWord("")).isFalse();
  }
}
