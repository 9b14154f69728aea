package dev.watchtower.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The suite, brought up once by {@code ./watchtower up} for all tests of the run, on ports of its
 * own, with stand-ins for Discord and the model, and taken down at the end.
 */
final class Suite implements BeforeAllCallback {
  /** The default ports of the processes; the suite's are higher by an offset. */
  private static final Map<String, Integer> PORTS =
      Map.ofEntries(
          Map.entry("monitor", 8080),
          Map.entry("ingest", 8081),
          Map.entry("incident", 8082),
          Map.entry("analysis", 8083),
          Map.entry("chaos", 8084),
          Map.entry("storefront", 8090),
          Map.entry("checkout", 8091),
          Map.entry("inventory", 8092),
          Map.entry("traffic", 8093),
          Map.entry("supervisor", 8099));

  static final String ADMIN_PASSWORD = "correct horse battery 9";
  static final StandInDiscord DISCORD = new StandInDiscord();
  static final StandInModel MODEL = new StandInModel();
  static final JsonMapper JSON = JsonMapper.builder().build();
  static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  private static final Path ROOT = root();
  private static final Path DATA = ROOT.resolve("system-tests/target/suite");
  private static final int OFFSET = freeOffset();
  private static String token = "";

  @Override
  public void beforeAll(ExtensionContext context) {
    var unused =
        context
            .getRoot()
            .getStore(ExtensionContext.Namespace.GLOBAL)
            .computeIfAbsent("suite", key -> new Running(), Running.class);
  }

  /** Up from construction to the end of all tests. */
  private static final class Running implements AutoCloseable {
    Running() {
      DISCORD.open();
      MODEL.open();
      try {
        Files.createDirectories(DATA);
        if (Files.exists(DATA.resolve("monitor"))) {
          // Left over from an earlier run, which may have been killed with its suite still up.
          run(Duration.ofMinutes(1), "down");
          FileSystemUtils.deleteRecursively(DATA);
          Files.createDirectories(DATA);
        }
        Files.writeString(
            DATA.resolve("catalog.yaml"),
            quicker(Files.readString(ROOT.resolve("config/watchtower.yaml"))));
        run(Duration.ofMinutes(6), "up", "--detach", "--port-offset=" + OFFSET);
        token =
            run(
                    Duration.ofSeconds(30),
                    "token",
                    "create",
                    "--name",
                    "system-tests",
                    "--scope",
                    "read",
                    "--scope",
                    "respond",
                    "--scope",
                    "chaos",
                    "--scope",
                    "ingest:write",
                    "--scope",
                    "admin")
                .lines()
                .map(String::trim)
                .filter(l -> l.contains("wt_"))
                .map(l -> l.substring(l.indexOf("wt_")).split("\\s", 2)[0])
                .findFirst()
                .orElseThrow();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      try {
        run(Duration.ofMinutes(1), "down");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      DISCORD.close();
      MODEL.close();
    }
  }

  /**
   * The example catalog with shorter waits, so that the tests need not wait either; and where other
   * programs leave no more of the processor, less of it is saturated.
   */
  private static String quicker(String catalog) {
    return catalog
        .replace("above: 0.7\n", "above: 0.25\n")
        .replace("for: 3s", "for: 1s")
        .replace("for: 5s", "for: 2s")
        .replace("keep-firing-for: 10s", "keep-firing-for: 2s")
        .replace("auto-resolve: true", "auto-resolve: false")
        .replace("flap: {changes: 8,", "flap: {changes: 0,");
  }

  /** Base address of a process. */
  static String url(String process) {
    return "http://127.0.0.1:" + (PORTS.get(process) + OFFSET);
  }

  /** A token with every scope that people have. */
  static String token() {
    return token;
  }

  /**
   * Runs {@code ./watchtower} and returns what it printed; an exit code other than 0 is a failure.
   */
  static String run(Duration limit, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ROOT.resolve("watchtower").toString());
    command.addAll(List.of(arguments));
    var output = Files.createTempFile(DATA, "command", ".txt");
    var builder =
        new ProcessBuilder(command)
            .directory(ROOT.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment());
    var process = builder.start();
    boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    var text = Files.readString(output);
    if (!ended) {
      process.destroyForcibly();
      throw new IllegalStateException(
          "still running after " + limit + ": " + command + "\n" + text);
    }
    if (process.exitValue() != 0) {
      throw new IllegalStateException(
          "exit code " + process.exitValue() + " of " + command + "\n" + text);
    }
    return text;
  }

  private static Map<String, String> environment() {
    var environment = new HashMap<String, String>();
    environment.put("WATCHTOWER_DATA_DIR", DATA.toString());
    environment.put("WATCHTOWER_CATALOG", DATA.resolve("catalog.yaml").toString());
    environment.put("WATCHTOWER_ADMIN_PASSWORD", ADMIN_PASSWORD);
    environment.put("WATCHTOWER_PORT_OFFSET", Integer.toString(OFFSET));
    environment.put("WATCHTOWER_AOT", "off");
    environment.put("WATCHTOWER_LOG_RESERVE", "off");
    environment.put("WATCHTOWER_BUILD", "off");
    environment.put("DISCORD_WEBHOOK_URL", DISCORD.webhook());
    environment.put("OPENAI_API_KEY", "sk-stand-in");
    environment.put("OPENAI_BASE_URL", MODEL.baseUrl());
    environment.put("OPENAI_MODEL", "stand-in");
    return environment;
  }

  /** The answer to a request with the suite's token. */
  static HttpResponse<String> send(String method, String process, String path, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url(process) + path))
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(
                method,
                body.isEmpty()
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** The JSON at a path; fails on any other status than 2xx. */
  static JsonNode get(String process, String path) throws IOException, InterruptedException {
    return read(send("GET", process, path, ""));
  }

  /** The JSON that a POST answers; fails on any other status than 2xx. */
  static JsonNode post(String process, String path, String body)
      throws IOException, InterruptedException {
    return read(send("POST", process, path, body));
  }

  private static JsonNode read(HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new IllegalStateException(
          answer.request().method()
              + " "
              + answer.uri()
              + " answered "
              + answer.statusCode()
              + ": "
              + answer.body());
    }
    return JSON.readTree(answer.body().isEmpty() ? "null" : answer.body());
  }

  /**
   * A process as {@code ./watchtower status} shows it; the supervisor takes no tokens of machines.
   */
  record Shown(long pid, String state) {}

  /** All processes by name; each call starts a JVM of its own. */
  static Map<String, Shown> processes() throws IOException, InterruptedException {
    var status = new ProcessBuilder(ROOT.resolve("watchtower").toString(), "status");
    status.directory(ROOT.toFile()).environment().putAll(environment());
    var running = status.start();
    try (var lines = running.inputReader().lines()) {
      var found = new HashMap<String, Shown>();
      lines
          .map(l -> l.trim().split("\\s+", 5))
          .filter(c -> c.length >= 4 && c[1].matches("-|\\d+"))
          .forEach(
              c -> found.put(c[0], new Shown(c[1].equals("-") ? 0 : Long.parseLong(c[1]), c[3])));
      return found;
    } finally {
      var unused = running.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static Path root() {
    var here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("watchtower")) ? here : here.getParent();
  }

  private static int freeOffset() {
    return IntStream.iterate(11_000, o -> o + 1_000)
        .limit(30)
        .filter(Suite::isFree)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no free ports for the suite"));
  }

  private static boolean isFree(int offset) {
    var ports = new ArrayList<>(PORTS.values());
    ports.add(15432);
    for (int port : ports) {
      try (var socket = new ServerSocket(port + offset)) {
        socket.setReuseAddress(false);
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}
