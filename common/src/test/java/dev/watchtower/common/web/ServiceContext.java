package dev.watchtower.common.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.live.LiveDestinations;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.AccessRules;
import dev.watchtower.common.security.Caller;
import dev.watchtower.common.security.Claims;
import dev.watchtower.common.security.KeyFiles;
import dev.watchtower.common.security.RevocationSource;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.security.TokenIssuer;
import dev.watchtower.common.wire.TransitionRequest;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One context for all tests that need a running service. */
@SpringBootTest(
    classes = ServiceContext.Application.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "spring.config.import=classpath:watchtower-defaults.yaml",
      "watchtower.service=incident",
      "watchtower.web.max-body=1KB"
    })
public abstract class ServiceContext {
  protected static final Path dataDir = temporary();
  protected @LocalServerPort int port;
  protected @Autowired JsonMapper json;
  protected final HttpClient http = HttpClient.newHttpClient();

  private static Path temporary() {
    try {
      return Files.createTempDirectory("watchtower-common");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @DynamicPropertySource
  static void properties(DynamicPropertyRegistry registry) {
    registry.add("watchtower.data-dir", dataDir::toString);
  }

  protected static String token(Scope... scopes) {
    var now = java.time.Clock.tickSeconds(java.time.ZoneOffset.UTC).instant();
    return new TokenIssuer("monitor", new KeyFiles(dataDir.resolve("keys")).privateKey("monitor"))
        .sign(
            new Claims(
                "monitor", "t1", "user:ann", Set.of(scopes), "*", now, now.plusSeconds(600)));
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      exclude = {DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
  static class Application {
    @Bean
    AccessRules accessRules() {
      return AccessRules.builder()
          .allow(HttpMethod.GET, "/things", Scope.READ)
          .allow(HttpMethod.POST, "/things", Scope.RESPOND)
          .allow(HttpMethod.GET, "/deeds", Scope.READ)
          .allow(HttpMethod.POST, "/deeds", Scope.RESPOND)
          .allow(HttpMethod.DELETE, "/deeds", Scope.RESPOND)
          .open("/ws")
          .build();
    }

    @Bean
    LiveDestinations destinations() {
      return LiveDestinations.of("/topic/{name}");
    }

    @Bean
    RevocationSource revocations() {
      return () -> id -> false;
    }

    @Bean
    Things things() {
      return new Things();
    }
  }

  record Deed(@Nullable String title, @Nullable Instant at, @Nullable List<String> of) {}

  @RestController
  static class Things {
    @GetMapping("/things")
    Map<String, Object> list(@RequestParam(defaultValue = "1") int count) {
      if (count == -1) {
        throw Problem.of(409, "illegal-transition", "Not allowed now", "x")
            .with("allowed", List.of("RESOLVE"));
      }
      if (count == -2) {
        throw Problem.unavailable("busy", Duration.ofSeconds(7));
      }
      return Map.of("by", Caller.actor().name(), "share", 100 / count);
    }

    @GetMapping("/forgotten")
    String forgotten() {
      return "no rule was made for it";
    }

    private final List<Deed> deeds = new CopyOnWriteArrayList<>();

    @PostMapping("/deeds")
    @ApiResponse(responseCode = "201", useReturnTypeSchema = true)
    ResponseEntity<Deed> act(@RequestBody Deed deed) {
      deeds.add(deed);
      return ResponseEntity.status(201).body(deed);
    }

    @DeleteMapping("/deeds")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void forget() {
      deeds.clear();
    }

    @GetMapping("/deeds")
    List<Deed> deeds(@RequestParam(required = false) @Nullable Instant from) {
      return deeds.stream()
          .filter(d -> from == null || d.at() == null || !d.at().isBefore(from))
          .toList();
    }

    @PostMapping("/things")
    Instant add(@RequestBody TransitionRequest request) {
      return Instant.EPOCH;
    }
  }

  HttpResponse<String> send(
      String method,
      String path,
      @org.jspecify.annotations.Nullable String token,
      @org.jspecify.annotations.Nullable String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri(path))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  JsonNode problem(HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    return json.readTree(answer.body());
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }
}
