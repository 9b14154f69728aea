package dev.watchtower.launcher.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.launcher.supervisor.ProcessSpec.EndSignal;
import java.io.IOException;
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

  private static Process running(String script) throws IOException {
    var process = new ProcessBuilder("sh", "-c", script).start();
    assertThat(process.getInputStream().read()).as("the trap is set").isEqualTo('\n');
    return process;
  }
}
