package dev.watchtower.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.launcher.suite.FreePorts;
import dev.watchtower.launcher.suite.JavaRuns;
import dev.watchtower.launcher.suite.Layout;
import dev.watchtower.launcher.suite.Plan;
import dev.watchtower.launcher.suite.Refusal;
import dev.watchtower.launcher.suite.RunLock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The subcommands as they are typed, with the real database. */
class CommandsIT {
  private static final Path CATALOG = Path.of("..", "config", "watchtower.yaml");

  @TempDir private Path root;
  private int code;

  @BeforeEach
  void catalog() throws IOException {
    Files.createDirectories(layout().catalog().getParent());
    Files.copy(CATALOG, layout().catalog());
  }

  @Test
  void saysThatNothingRuns() throws Exception {
    assertThat(run("status")).contains("Watchtower is not running.");
    assertThat(code).isEqualTo(3);
    assertThat(run("down")).contains("Watchtower was not running.");
    assertThat(code).isZero();
    assertThat(run("restart", "ingest")).contains("Watchtower is not running: ./watchtower up");
    assertThat(code).isEqualTo(1);
  }

  @Test
  void saysWhatItDoesNotUnderstand() throws Exception {
    assertThat(run("frobnicate")).contains("Unmatched argument");
    assertThat(code).isEqualTo(2);
    assertThat(run()).contains("Say what to do.");
    assertThat(code).isEqualTo(2);
    for (var bench : List.of("ingest", "query")) {
      assertThat(run("bench", bench, "--systems", "watchtower,victoria-metrics"))
          .contains("'--systems'", "VICTORIAMETRICS", "but was 'victoria-metrics'");
      assertThat(code).isEqualTo(2);
    }
    assertThat(run("bench", "ingest", "--connections", "0")).contains("0; 1 to 64 can be.");
    assertThat(code).isEqualTo(1);
    assertThat(run("up", "--only", "nobody")).contains("There is no 'nobody' to start");
    assertThat(code).isEqualTo(1);
  }

  @Test
  void tellsItsVersion() throws Exception {
    for (var line : List.of("--version", "-V", "up -V", "token create --version")) {
      assertThat(run(line.split(" "))).as(line).matches("Watchtower \\d+\\.\\d+\\.\\S+\\s+");
      assertThat(code).isZero();
    }
  }

  @Test
  void runsDetachedSurvivesAKilledSupervisorAndGoesDown() throws Exception {
    var offset = "--port-offset=" + freeOffset();
    assertThat(run("up", "--only", "postgres", "--detach", offset))
        .contains("postgres", "healthy", "Watchtower is up after");
    assertThat(code).isZero();
    assertThat(run("status")).contains("postgres", "healthy", "supervisor", "memory in all");
    assertThat(code).isZero();
    assertThat(run("up", "--only", "postgres", offset)).contains("already running (pid ");
    assertThat(code).isEqualTo(1);
    assertThat(run("restart", "postgres")).contains("postgres restarts");
    assertThat(run("restart", "nobody")).contains("No process is called 'nobody'");
    assertThat(run("logs", "postgres", "-n", "3")).contains("LOG:");
    assertThat(run("open")).contains("http://127.0.0.1:");
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          run("status");
          assertThat(code).as("healthy again after the restart").isZero();
        });

    var supervisor = RunLock.owner(layout()).orElseThrow().process().orElseThrow();
    supervisor.destroyForcibly();
    Awaitility.await().until(() -> !supervisor.isAlive());
    assertThat(run("status")).contains("left over from a killed supervisor: postgres");
    assertThat(run("up", "--only", "postgres", "--detach", offset))
        .contains("Ended postgres, left over", "Watchtower is up after");
    assertThat(run("logs", "supervisor", "-n", "500").split(" READY", -1))
        .as("both starts, and all that was between them")
        .hasSize(3);
    assertThat(run("down")).contains("Watchtower is down.");
    assertThat(run("status")).contains("Watchtower is not running.");
  }

  @Test
  void cleansUpOnDownWhatAKilledSupervisorLeft() throws Exception {
    run("up", "--only", "postgres", "--detach", "--port-offset=" + freeOffset());
    var supervisor = RunLock.owner(layout()).orElseThrow().process().orElseThrow();
    supervisor.destroyForcibly();
    Awaitility.await().until(() -> !supervisor.isAlive());
    assertThat(run("down")).contains("Ended what a killed supervisor had left: postgres.");
  }

  @Test
  void runsACopyBesideTheOriginalAndLeavesThatAlone() throws Exception {
    run("up", "--only", "postgres", "--detach", "--port-offset=" + freeOffset());
    var original = database(layout());
    var copy =
        Layout.in(
            root.resolve("copy"), Map.of("WATCHTOWER_CATALOG", layout().catalog().toString()));
    Files.createDirectories(copy.root());
    // As in a snapshot, nothing changes meanwhile.
    signal("STOP", original);
    command("cp", "-a", layout().data().toString(), copy.data().toString());
    signal("CONT", original);

    assertThat(in(copy, "status")).isEqualToIgnoringNewLines("Watchtower is not running.");
    assertThat(in(copy, "up", "--only", "postgres", "--detach", "--port-offset=" + freeOffset()))
        .contains("This data directory is a copy", "Watchtower is up after")
        .doesNotContain("left over");
    assertThat(database(copy)).isNotEqualTo(original);
    assertThat(in(copy, "down")).contains("Watchtower is down.");
    assertThat(in(copy, "down")).isEqualToIgnoringNewLines("Watchtower was not running.");

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          run("status");
          assertThat(code).as("healthy, as before it was held").isZero();
        });
    assertThat(database(layout())).isEqualTo(original);
    assertThat(run("down")).contains("Watchtower is down.");
  }

  private static ProcessHandle database(Layout layout) throws IOException {
    return layout.processRecords().read().getFirst().process().orElseThrow();
  }

  private static void signal(String name, ProcessHandle server) throws Exception {
    var line = new ArrayList<>(List.of("kill", "-" + name, Long.toString(server.pid())));
    server.descendants().map(p -> Long.toString(p.pid())).forEach(line::add);
    command(line.toArray(String[]::new));
  }

  private static void command(String... line) throws Exception {
    assertThat(new ProcessBuilder(line).inheritIO().start().waitFor()).isZero();
  }

  @Test
  void saysThatItRunsAlreadyBeforeAnythingElse() throws Exception {
    Files.delete(layout().catalog());
    try (var _ = RunLock.tryTake(layout()).orElseThrow()) {
      assertThat(run("up", "--only", "postgres")).contains("Watchtower is already running");
    }
    assertThat(run("up", "--only", "postgres")).contains("The catalog", "is not there");
    assertThat(RunLock.owner(layout())).isEmpty();
  }

  @Test
  void saysThatItWasTakenDownWhileItStarted() throws Exception {
    // Its program is not there, so it is started again and again.
    var plan = Plan.of(false, List.of("monitor"), freeOffset(), null);
    var start =
        new FutureTask<>(() ->
            new Detached(
                    new Shell(layout(), clock(), System.out, System.out),
                    plan,
                    List.of("--only", "monitor", "--port-offset=" + plan.portOffset()))
                .start());
    var up = Thread.ofPlatform().start(start);
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> RunLock.announced(layout()).isPresent());
    assertThat(run("down")).contains("Watchtower is down.");
    up.join();
    assertThatThrownBy(start::get)
        .hasCauseInstanceOf(Refusal.class)
        .hasMessageContaining("Watchtower was taken down while it started");
  }

  @Test
  void refusesAHeapThatIngestWouldNotStartWith() throws Exception {
    var launcher =
        new ProcessBuilder(
            JavaRuns.java(),
            "-Dwatchtower.root=" + root,
            "-cp",
            System.getProperty("java.class.path"),
            "dev.watchtower.launcher.Launcher",
            "up",
            "--only",
            "ingest",
            "--port-offset=" + freeOffset());
    launcher.environment().put("WATCHTOWER_INGEST_HEAP", "64m");
    assertThat(said(launcher))
        .isEqualToIgnoringNewLines(
            "WATCHTOWER_INGEST_HEAP is '64m', but 192m or more, such as 512m or 2g, is expected.");
    assertThat(code).isEqualTo(1);
  }

  @Test
  void saysInASentenceThatTheScriptHasNoPlaceForItsPrograms() throws Exception {
    var file = Files.writeString(root.resolve("file"), "no folder");
    var script = new ProcessBuilder("../watchtower", "status");
    script.environment().put("WATCHTOWER_DATA_DIR", file.toString());
    assertThat(said(script))
        .isEqualToIgnoringNewLines(
            "The data directory %s cannot be made or written to; set WATCHTOWER_DATA_DIR to one that can."
                .formatted(file));
    assertThat(code).isEqualTo(1);
  }

  private String said(ProcessBuilder builder) throws Exception {
    var process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    code = process.waitFor();
    return text;
  }

  @Test
  void givesAUserANewPasswordThroughMonitor() throws Exception {
    var calls = new ArrayList<String>();
    var monitor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    monitor.createContext(
        "/api/v1/users",
        exchange -> {
          try (exchange) {
            var path = exchange.getRequestURI().getPath();
            calls.add(exchange.getRequestMethod() + " " + path);
            boolean known = path.equals("/api/v1/users/admin/password");
            byte[] body =
                (known
                        ? "{\"password\":\"abcde-fghjk\"}"
                        : "{\"status\":404,\"detail\":\"There is no user of that name.\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    monitor.start();
    try {
      var url = "--monitor=http://127.0.0.1:" + monitor.getAddress().getPort();
      assertThat(run("user", "reset", url, "admin")).isEqualToIgnoringNewLines("abcde-fghjk");
      assertThat(run("user", "reset", url, "nobody")).contains("There is no user of that name.");
      assertThat(code).isEqualTo(1);
      assertThat(run("user", "reset", url, "../x")).contains("is not the name of a user");
      assertThat(calls).hasSize(2).first().isEqualTo("POST /api/v1/users/admin/password");
    } finally {
      monitor.stop(0);
    }
  }

  @Test
  void makesListsAndRevokesTokensThroughMonitor() throws Exception {
    var calls = new ArrayList<String>();
    var monitor = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    monitor.createContext(
        "/api/v1/tokens",
        exchange -> {
          try (exchange) {
            var method = exchange.getRequestMethod();
            calls.add(
                method
                    + " "
                    + exchange.getRequestURI().getPath()
                    + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            var refused = exchange.getRequestURI().getPath().endsWith("/unknown");
            byte[] body =
                (refused
                        ? "{\"status\":404,\"detail\":\"There is no such token.\"}"
                        : method.equals("POST")
                            ? "{\"id\":\"t1\",\"token\":\"wt_abc\",\"name\":\"ci\"}"
                            : "[{\"id\":\"t1\",\"name\":\"ci\",\"scopes\":[\"read\"],\"createdAt\":\"2026-01-01T00:00:00Z\"}]")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(refused ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
          }
        });
    monitor.start();
    try {
      var url = "--monitor=http://127.0.0.1:" + monitor.getAddress().getPort();
      assertThat(run("token", "create", url, "--name", "ci", "--scope", "read", "respond"))
          .isEqualToIgnoringNewLines("wt_abc");
      assertThat(run("token", "list", url)).contains("t1", "ci", "read");
      assertThat(run("token", "revoke", url, "t1")).contains("Revoked.");
      assertThat(run("token", "revoke", url, "unknown")).contains("There is no such token.");
      assertThat(code).isEqualTo(1);
      assertThat(calls.getFirst())
          .startsWith("POST /api/v1/tokens ")
          .contains("\"name\":\"ci\"", "[\"read\",\"respond\"]");
      assertThat(calls.get(2)).startsWith("DELETE /api/v1/tokens/t1");
    } finally {
      monitor.stop(0);
    }
    assertThat(run("token", "create", "--name", "ci", "--scope", "everything"))
        .contains("There is no scope 'everything'");
    assertThat(run("token", "list", "--monitor=http://127.0.0.1:9"))
        .contains("Nothing answers there");
  }

  @Test
  void showsTheEndOfALog() throws Exception {
    Files.createDirectories(layout().logs());
    Files.writeString(layout().logs().resolve("ingest.log"), "1\n2\n3\n4\n");
    assertThat(run("logs", "ingest", "-n", "2")).isEqualTo("3\n4\n");
    assertThat(run("logs", "ingest")).isEqualTo("1\n2\n3\n4\n");
    assertThat(run("logs", "nobody")).contains("There is no log of nobody");
    assertThat(run("logs", "../x")).contains("is not the name of a service");
  }

  @Test
  void showsTheChecklistInPlaceAtATerminal() {
    var bytes = new ByteArrayOutputStream();
    var list = new Checklist(new PrintStream(bytes, true, StandardCharsets.UTF_8), true);
    list.show(List.of(new Checklist.Row("ingest", "STARTING", 8081, 0)), System.nanoTime());
    list.show(List.of(new Checklist.Row("ingest", "BACK_OFF", 8081, 2)), System.nanoTime());
    list.note("a warning");
    list.show(List.of(new Checklist.Row("ingest", "HEALTHY", 8081, 2)), System.nanoTime());
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains(
            "..  ingest      8081   starting",
            "\033[1A\033[J  !!  ingest      8081   died, is started again (2 restarts)",
            "a warning",
            "ok  ingest      8081   healthy after");
  }

  @Test
  void tellsTimesInWords() {
    var now = Instant.parse("2026-01-10T12:00:00Z");
    assertThat(StatusCommand.ago(null, now)).isEqualTo("-");
    assertThat(StatusCommand.ago(now.minusSeconds(5), now)).isEqualTo("5 s");
    assertThat(StatusCommand.ago(now.minusSeconds(125), now)).isEqualTo("2 min 5 s");
    assertThat(StatusCommand.ago(now.minus(Duration.ofMinutes(61)), now)).isEqualTo("1 h 1 min");
    assertThat(StatusCommand.ago(now.minus(Duration.ofHours(50)), now)).isEqualTo("2 d 2 h");
  }

  private String in(Layout layout, String... arguments) {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    code = Commands.run(layout, clock(), out, out, arguments);
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private String run(String... arguments) {
    return in(layout(), arguments);
  }

  @SystemEdge("the processes are real")
  private static Clock clock() {
    return Clock.systemUTC();
  }

  private Layout layout() {
    return Layout.in(root);
  }

  private static int freeOffset() {
    return FreePorts.offset();
  }
}
