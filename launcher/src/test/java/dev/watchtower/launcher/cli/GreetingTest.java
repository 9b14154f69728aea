package dev.watchtower.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.launcher.suite.Layout;
import dev.watchtower.launcher.suite.Plan;
import dev.watchtower.launcher.suite.SuiteStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GreetingTest {
  private static final SuiteStatus FAILED = SuiteStatus.failed("ingest is not healthy");

  @TempDir private Path root;
  private final Plan plan = Plan.of(true, List.of(), 0, null);

  @BeforeEach
  void aGeneratedPassword() throws IOException {
    Files.createDirectories(layout().firstPassword().getParent());
    Files.writeString(layout().firstPassword(), "abcde-fghjk\n");
    Files.createDirectories(layout().catalog().getParent());
    Files.copy(Path.of("..", "config", "watchtower.yaml"), layout().catalog());
  }

  @Test
  void tellsEverythingOnceWhenAllIsHealthy() throws Exception {
    assertThat(print(SuiteStatus.READY, "HEALTHY", "HEALTHY"))
        .contains("Watchtower is up after 2.0 s", "http://127.0.0.1:8090/", "abcde-fghjk");
    assertThat(print(SuiteStatus.READY, "HEALTHY", "HEALTHY")).doesNotContain("password");
  }

  @Test
  void tellsTheFirstPasswordWhenOnlySomethingElseIsNotHealthy() throws Exception {
    assertThat(print(FAILED, "HEALTHY", "BACK_OFF"))
        .contains("http://127.0.0.1:8080/", "http://127.0.0.1:8080/status", "abcde-fghjk")
        .doesNotContain("is up", "8090");
    assertThat(layout().firstPassword()).doesNotExist();
  }

  @Test
  void keepsTheFirstPasswordForTheNextStartWhileNobodyCanSignIn() throws Exception {
    assertThat(print(FAILED, "BACK_OFF", "HEALTHY")).isEmpty();
    assertThat(print(SuiteStatus.starting(""), "STARTING", "HEALTHY")).isEmpty();
    assertThat(layout().firstPassword()).exists();
  }

  private String print(SuiteStatus status, String monitor, String ingest) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    var shell = new Shell(layout(), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), out, out);
    new Greeting(shell, plan)
        .print(
            status,
            List.of(
                new Checklist.Row("monitor", monitor, 8080, 0),
                new Checklist.Row("ingest", ingest, 8081, 0)),
            2_000_000_000L);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private Layout layout() {
    return Layout.in(root);
  }
}
