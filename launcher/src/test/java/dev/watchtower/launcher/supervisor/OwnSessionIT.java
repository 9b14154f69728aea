package dev.watchtower.launcher.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sessions and how they share the processor, of real processes on a Linux with autogroups. */
class OwnSessionIT {
  private static final List<String> SLEEP = List.of("sleep", "600");

  private Process process;

  @BeforeEach
  void sharesAmongSessions() throws IOException {
    var enabled = Path.of("/proc/sys/kernel/sched_autogroup_enabled");
    assumeThat(enabled).exists();
    assumeThat(Files.readString(enabled)).startsWith("1");
    assumeThat(Path.of("/proc/self/autogroup")).exists();
  }

  @AfterEach
  void end() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Test
  void theSessionOfAServiceCountsAsMuchAsAnyOther() throws Exception {
    start(OwnSession.of(SLEEP, 7));

    await().until(() -> read("stat").contains("(sleep)"));
    assertThat(read("autogroup")).contains("nice 0");
  }

  @Test
  void whatIsBehindAllLeavesTheProcessorToOtherSessions() throws Exception {
    start(OwnSession.behindAll(SLEEP));

    await().until(() -> read("stat").contains("(sleep)"));
    assertThat(read("autogroup")).contains("nice 19");
  }

  private void start(List<String> command) throws IOException {
    process = new ProcessBuilder(command).start();
  }

  private String read(String file) throws IOException {
    return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
  }
}
