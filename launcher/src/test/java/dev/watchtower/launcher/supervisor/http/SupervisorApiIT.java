package dev.watchtower.launcher.supervisor.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Remediation.Command;
import dev.watchtower.common.security.KeyFiles;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.security.ServiceTokens;
import dev.watchtower.common.security.TokenIssuer;
import dev.watchtower.common.security.TokenVerifier;
import dev.watchtower.common.test.TestKeys;
import dev.watchtower.common.time.SystemEdge;
import dev.watchtower.launcher.lifecycle.Phase;
import dev.watchtower.launcher.lifecycle.ProcessEvent;
import dev.watchtower.launcher.suite.SuiteStatus;
import dev.watchtower.launcher.supervisor.CatalogCommands;
import dev.watchtower.launcher.supervisor.ProcessRecords;
import dev.watchtower.launcher.supervisor.ProcessSpec;
import dev.watchtower.launcher.supervisor.ProcessSpec.EndSignal;
import dev.watchtower.launcher.supervisor.ProcessSpec.Launch;
import dev.watchtower.launcher.supervisor.Supervisor;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SupervisorApiIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final TestKeys KEYS = new TestKeys();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final List<Command> COMMANDS =
      List.of(
          command(
              "tell", "sh", "-c", "echo beside $WATCHTOWER_PROCESS; echo \"$0\"; exit 3", "{pid}"),
          command("secrets", "sh", "-c", "env | cut -d= -f1 | sort"),
          command("hang", "sleep", "60"),
          command("missing", "/no/such/program"));
  private static Supervisor supervisor;

  private static Command command(String name, String... run) {
    return new Command(name, List.of("checkout"), List.of(run), Duration.ofSeconds(1));
  }

  private static SupervisorApi api;

  @BeforeAll
  @SystemEdge("the processes are real")
  static void open(@TempDir Path folder) throws IOException {
    supervisor =
        new Supervisor(
            List.of(spec("postgres", false, folder), spec("checkout", true, folder)),
            folder.resolve("logs"),
            new ProcessRecords(folder.resolve("pids"), folder),
            Clock.systemUTC(),
            (before, after) -> {});
    api =
        new SupervisorApi(
            supervisor,
            new CatalogCommands(() -> COMMANDS, folder),
            () -> Map.of("phase", "READY", "detail", ""),
            0,
            new TokenVerifier(
                new KeyFiles(KEYS.dataDir().resolve("keys")), "supervisor", id -> false),
            Clock.systemUTC());
  }

  @AfterAll
  static void close() {
    supervisor.close();
    api.close();
  }

  @BeforeEach
  void running() throws InterruptedException {
    for (var name : List.of("postgres", "checkout")) {
      supervisor.tell(name, new ProcessEvent.Start());
    }
    assertThat(
            supervisor.await(all -> all.stream().allMatch(p -> p.phase() == Phase.HEALTHY), LIMIT))
        .isTrue();
  }

  @Test
  void listsTheProcesses() throws Exception {
    var answer = call("GET", "/api/v1/processes", KEYS.service("incident", Scope.SUPERVISE), "");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"name\":\"postgres\"", "\"state\":\"HEALTHY\"", "\"restarts\":");
  }

  @Test
  void runsCommandsOfTheCatalogByTheirNameOnly() throws Exception {
    var token = KEYS.service("incident", Scope.SUPERVISE);
    var path = "/api/v1/processes/checkout/commands/";
    var pid = supervisor.process("checkout").orElseThrow().pid();

    var told = call("POST", path + "tell", token, "{\"reason\":\"playbook\"}");
    assertThat(told.statusCode()).isEqualTo(200);
    assertThat(told.body())
        .contains("\"exit\":3", "\"timedOut\":false", "beside checkout\\n" + pid);

    assertThat(call("POST", path + "rm%20-rf", token, "{}").body()).contains("unknown-command");
    assertThat(call("POST", "/api/v1/processes/postgres/commands/tell", token, "{}").statusCode())
        .as("it is for checkout only")
        .isEqualTo(404);
    assertThat(call("POST", path + "missing", token, "{}").body()).contains("not-started");
  }

  @Test
  void givesCommandsNoSecretsAndNoMoreThanTheirTime() throws Exception {
    var token = KEYS.service("incident", Scope.SUPERVISE);
    var path = "/api/v1/processes/checkout/commands/";

    assertThat(call("POST", path + "secrets", token, "{}").body())
        .contains("PATH", "WATCHTOWER_PID")
        .doesNotContain("MAVEN", "DISCORD", "PASSWORD", "USER");
    assertThat(call("POST", path + "hang", token, "{}").body())
        .contains("\"exit\":null", "\"timedOut\":true");
  }

  @Test
  void answersWithoutATokenOnlyWhetherItLives() throws Exception {
    assertThat(call("GET", "/health", null, "").statusCode()).isEqualTo(200);
    var refused = call("GET", "/api/v1/processes", null, "");
    assertThat(refused.statusCode()).isEqualTo(401);
    assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(refused.body()).contains("\"type\":\"/problems/unauthenticated\"");
  }

  @Test
  void takesNoMachineTokensAndNoRubbish() throws Exception {
    assertThat(call("GET", "/api/v1/processes", "rubbish", "").statusCode()).isEqualTo(401);
    assertThat(call("GET", "/api/v1/processes", "wt_a.b", "").statusCode()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /api/v1/processes/checkout/restart, READ",
    "POST, /api/v1/processes/checkout/commands/tell, READ",
    "POST, /api/v1/processes/checkout/restart, CRASH",
    "PUT, /api/v1/processes/checkout/crash-leases/a, READ",
    "DELETE, /api/v1/processes/checkout/crash-leases/a, READ"
  })
  void wantsTheRightScope(String method, String path, Scope scope) throws Exception {
    var answer = call(method, path, KEYS.service("chaos", scope), "{}");
    assertThat(answer.statusCode())
        .isEqualTo(scope == Scope.CRASH && path.contains("crash") ? 400 : 403);
  }

  @Test
  void crashesHoldsDownAndReleases() throws Exception {
    var chaos = KEYS.service("chaos", Scope.CRASH);
    var path = "/api/v1/processes/checkout/crash-leases/run-1";
    var crashed = call("PUT", path, chaos, "{\"ttlMillis\":10000}");
    assertThat(crashed.statusCode()).isEqualTo(200);
    assertThat(crashed.body()).contains("\"state\":\"HELD_DOWN\"");
    assertThat(call("DELETE", path, chaos, "").statusCode()).isEqualTo(204);
    assertThat(call("PUT", path, chaos, "{\"ttlMillis\":10000}").body()).contains("lease-ended");
  }

  @Test
  void aRestartEndsTheCrash() throws Exception {
    var path = "/api/v1/processes/checkout";
    call(
        "PUT",
        path + "/crash-leases/run-2",
        KEYS.service("chaos", Scope.CRASH),
        "{\"ttlMillis\":10000}");
    var answer =
        call(
            "POST",
            path + "/restart",
            KEYS.service("incident", Scope.SUPERVISE),
            "{\"reason\":\"playbook\"}");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(
            supervisor.await(all -> all.stream().allMatch(p -> p.phase() == Phase.HEALTHY), LIMIT))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "PUT;/api/v1/processes/postgres/crash-leases/a;{\"ttlMillis\":1000};409;not-crashable",
        "PUT;/api/v1/processes/checkout/crash-leases/a;{\"ttlMillis\":0};400;ttlMillis",
        "PUT;/api/v1/processes/checkout/crash-leases/a;{\"ttlMillis\":\"5\"};400;ttlMillis",
        "PUT;/api/v1/processes/checkout/crash-leases/a;{\"ttlMillis\":10001};400;ttlMillis",
        "PUT;/api/v1/processes/checkout/crash-leases/a;{\"ttlMillis\":99999999999999999999};400;ttlMillis",
        "PUT;/api/v1/processes/checkout/crash-leases/a;{broken;400;not JSON",
        "PUT;/api/v1/processes/checkout/crash-leases/a;[];400;object",
        "PUT;/api/v1/processes/checkout/crash-leases/a%20b;{\"ttlMillis\":1};400;lease",
        "PUT;/api/v1/processes/nobody/crash-leases/a;{\"ttlMillis\":1};404;nobody",
        "GET;/api/v1/processes/checkout/crash-leases/a;;405;PUT, DELETE",
        "GET;/api/v1/other;;404;not-found",
        "GET;/api/v1/processes/checkout/other;;404;not-found",
        "POST;/api/v1/processes;;405;GET"
      })
  void refusesWhatIsWrong(String method, String path, String body, int status, String says)
      throws Exception {
    var answer =
        call(
            method, path, KEYS.service("chaos", Scope.CRASH, Scope.READ), body == null ? "" : body);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains(says, "\"status\":" + status);
  }

  @Test
  void readsNoHugeBodies() throws Exception {
    var body = "{\"reason\":\"" + "x".repeat(20_000) + "\"}";
    var answer =
        call(
            "POST",
            "/api/v1/processes/checkout/restart",
            KEYS.service("incident", Scope.SUPERVISE),
            body);
    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  @SystemEdge("tokens are verified on the real clock")
  void servesTheLaunchersOwnClient() throws Exception {
    var tokens =
        new ServiceTokens(
            "launcher",
            new TokenIssuer(
                "launcher", new KeyFiles(KEYS.dataDir().resolve("keys")).privateKey("launcher")),
            Clock.systemUTC());
    var client = new SupervisorClient(api.port(), tokens);
    assertThat(client.processes()).extracting("name").containsExactly("postgres", "checkout");
    assertThat(client.suite(SuiteStatus.class)).isEqualTo(SuiteStatus.READY);
    assertThat(client.restart("checkout", "test").name()).isEqualTo("checkout");
  }

  private static ProcessSpec spec(String name, boolean crashable, Path folder) {
    return new ProcessSpec(
        name,
        1,
        crashable,
        () -> new Launch(List.of("sleep", "600"), Map.of(), folder),
        () -> true,
        EndSignal.TERM);
  }

  private static HttpResponse<String> call(String method, String path, String token, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }
}
