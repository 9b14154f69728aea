package dev.watchtower.launcher.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.launcher.FakeService;
import dev.watchtower.launcher.files.SecretFiles;
import dev.watchtower.launcher.lifecycle.Phase;
import dev.watchtower.launcher.lifecycle.ProcessEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole suite as processes, with the real database and stand-ins for the services. */
class SuiteIT {
  @TempDir private Path root;
  private final List<String> warnings = new ArrayList<>();

  @Test
  void bringsUpTheDatabaseThenMonitorThenTheRestWithTheirTokens() throws Exception {
    var plan = Plan.of(true, List.of(), FreePorts.offset(), null);
    plan.modules().forEach(this::fake);
    Files.createDirectories(layout().keys());
    Files.setPosixFilePermissions(layout().keys(), PosixFilePermissions.fromString("rwxr-xr-x"));
    try (var suite = suite(plan)) {
      assertThat(Files.getPosixFilePermissions(layout().keys()))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      assertThat(suite.bringUp(warnings::add)).isEqualTo(SuiteStatus.READY);
      assertThat(warnings).isEmpty();
      assertThat(suite.supervisor().processes())
          .hasSize(10)
          .allMatch(p -> p.phase() == Phase.HEALTHY && p.restarts() == 0);
      var secrets = new SecretFiles(layout().keys());
      assertThat(secrets.read(Environment.SHOP_TOKEN)).contains("wt_made-by-the-fake");
      assertThat(secrets.read(RunningSuite.SENDER_TOKEN)).contains("wt_made-by-the-fake");
      assertThat(layout().keys().resolve("analysis.pub")).exists();
      var password = secrets.read("db-ingest.password").orElseThrow();
      DriverManager.getConnection(
              "jdbc:postgresql://127.0.0.1:" + plan.port(Component.POSTGRES) + "/watchtower",
              "ingest",
              password)
          .close();
      assertThat(RunLock.owner(layout())).map(RunLock.Owner::port).contains(plan.supervisorPort());
    }
    assertThat(RunLock.owner(layout())).isEmpty();
    assertThat(Files.readString(layout().logs().resolve("checkout.log"))).contains("role checkout");
  }

  @Test
  void namesWhatDoesNotBecomeHealthyAndLetsTheRestRun() throws Exception {
    var plan = Plan.of(false, List.of("monitor", "analysis"), FreePorts.offset(), external());
    fake("monitor-service");
    try (var suite = suite(plan)) {
      var ended = Thread.ofPlatform().start(() -> bringUp(suite));
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> phase(suite, "analysis") == Phase.BACK_OFF);
      assertThat(suite.status().settled()).isFalse();
      assertThat(phase(suite, "monitor")).isIn(Phase.STARTING, Phase.HEALTHY);
      ended.interrupt();
      ended.join();
    }
  }

  @Test
  void makesAClassCacheBesideTheRunningSuiteAndUsesItAfterwards() throws Exception {
    var plan = Plan.of(false, List.of("monitor"), FreePorts.offset(), external());
    fake("monitor-service");
    var runs = new JavaRuns(layout());
    var ofAnotherJava = runs.cache("monitor-service").resolveSibling("app-24+36-Somebody.aot");
    Files.writeString(ofAnotherJava, "of no use any more");
    var rehearsed = new CopyOnWriteArrayList<String>();
    try (var suite = suite(plan)) {
      assertThat(suite.bringUp(warnings::add)).isEqualTo(SuiteStatus.READY);
      suite.trainInBackground(module -> new Rehearsed(module, rehearsed));
      Awaitility.await()
          .atMost(Duration.ofSeconds(90))
          .until(() -> Files.exists(runs.cache("monitor-service")));
      assertThat(rehearsed).containsExactly("monitor-service answers {}");
      assertThat(Files.readString(layout().logs().resolve("aot-monitor-service.log")))
          .contains("role rehearsed")
          .contains("silent true, model ''");
      assertThat(Files.readString(layout().logs().resolve("monitor.log")))
          .contains("silent null, model 'http://127.0.0.1:9/model'");
      assertThat(ofAnotherJava).doesNotExist();
      assertThat(runs.cache("monitor-service").toString()).contains(Runtime.version().toString());
      suite.supervisor().tell("monitor", new ProcessEvent.Restart());
      assertThat(
              suite
                  .supervisor()
                  .await(
                      all ->
                          all.getFirst().restarts() == 1 && all.getFirst().phase() == Phase.HEALTHY,
                      Duration.ofSeconds(20)))
          .isTrue();
      var command =
          ProcessHandle.of(suite.supervisor().processes().getFirst().pid())
              .flatMap(p -> p.info().arguments())
              .orElseThrow();
      assertThat(command).anyMatch(a -> a.startsWith("-XX:AOTCache="));
    }
  }

  private record Rehearsed(String module, List<String> notes) implements Rehearsal {
    @Override
    public Map<String, String> environment() {
      return Map.of("SHOP_ROLE", "rehearsed");
    }

    @Override
    public void perform(int port, Supplier<String> token) throws IOException {
      assertThat(token.get()).isNotBlank();
      var answer = URI.create("http://127.0.0.1:" + port + "/something").toURL().openStream();
      try (answer) {
        notes.add(module + " answers " + new String(answer.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  private void bringUp(RunningSuite suite) {
    try {
      suite.bringUp(warnings::add);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Phase phase(RunningSuite suite, String name) {
    return suite.supervisor().process(name).orElseThrow().phase();
  }

  @SystemEdge("the processes are real")
  private RunningSuite suite(Plan plan) throws IOException, InterruptedException {
    return new RunningSuite(
        layout(),
        plan,
        RunLock.tryTake(layout()).orElseThrow(),
        (before, after) -> {},
        Clock.systemUTC(),
        Map.of("OPENAI_BASE_URL", "http://127.0.0.1:9/model"));
  }

  private void fake(String module) {
    try {
      FakeService.jar(new JavaRuns(layout()).jar(module));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Layout layout() {
    return Layout.in(root);
  }

  private static Plan.ExternalDatabase external() {
    return new Plan.ExternalDatabase("jdbc:postgresql://127.0.0.1:9/none", "u", "p");
  }
}
