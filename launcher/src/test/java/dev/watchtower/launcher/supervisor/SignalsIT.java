package dev.watchtower.launcher.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.launcher.supervisor.ProcessSpec.EndSignal;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** With real processes of the operating system. */
class SignalsIT {
  private static final String ENDS_AT_ONCE =
      "trap 'exit 3' QUIT; echo; while :; do sleep 0.1; done";

  @Test
  void killsADatabaseInItsOwnWayFirst() throws Exception {
    var database = running(ENDS_AT_ONCE);
    Signals.kill(database.toHandle(), EndSignal.INT, false);
    assertThat(database.waitFor()).isEqualTo(3);

    var stubborn = running(ENDS_AT_ONCE);
    Signals.kill(stubborn.toHandle(), EndSignal.INT, true);
    assertThat(stubborn.waitFor()).isEqualTo(137);
  }

  @Test
  void killsAnythingElseAtOnce() throws Exception {
    var service = running(ENDS_AT_ONCE);
    Signals.kill(service.toHandle(), EndSignal.TERM, false);
    assertThat(service.waitFor()).isEqualTo(137);
  }

  /** As in a container whose first process does not care for others. */
  @Test
  void knowsThatAProcessIsGoneWhoseParentDoesNotLook() throws Exception {
    var parent = new ProcessBuilder("sh", "-c", "sleep 600 & exec sleep 600").start();
    try {
      var child =
          Awaitility.await()
              .until(() -> parent.children().findFirst(), Optional::isPresent)
              .orElseThrow();
      assertThat(Signals.gone(child, Duration.ofMillis(300))).isFalse();
      assertThat(Signals.endNow(child, EndSignal.TERM, () -> {})).isTrue();
    } finally {
      parent.descendants().forEach(ProcessHandle::destroyForcibly);
      parent.destroyForcibly();
    }
  }

  private static Process running(String script) throws IOException {
    var process = new ProcessBuilder("sh", "-c", script).start();
    assertThat(process.getInputStream().read()).as("the trap is set").isEqualTo('\n');
    return process;
  }
}
