package dev.watchtower.upstream;

import dev.watchtower.common.live.LiveDestinations;
import dev.watchtower.common.live.LiveInterest;
import dev.watchtower.common.live.LiveSubscription;
import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.common.security.AccessRules;
import dev.watchtower.common.security.Caller;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.PageOf;
import dev.watchtower.common.wire.Signal;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** A service named incident: takes signals when told to, lists incidents, publishes live. */
public final class UpstreamApplication implements AutoCloseable {
  private static final LiveInterest NOTHING =
      new LiveInterest() {
        @Override
        public void subscribed(LiveSubscription subscription) {}

        @Override
        public void unsubscribed(LiveSubscription subscription) {}
      };

  /** What it was sent, and how it answers. */
  public static final class State {
    public final List<Signal> signals = new CopyOnWriteArrayList<>();
    public final List<IncidentView> incidents = new CopyOnWriteArrayList<>();
    public final List<Map<String, Object>> windows = new CopyOnWriteArrayList<>();
    public volatile int signalStatus = 202;

    /** How far its clock is ahead of the sender's. */
    public volatile Duration ahead = Duration.ZERO;

    /** What serves {@code /topic/series}. */
    public volatile LiveInterest series = NOTHING;

    public volatile int listStatus = 200;
    public final AtomicInteger listed = new AtomicInteger();
  }

  private final ServletWebServerApplicationContext context;

  private UpstreamApplication(ServletWebServerApplicationContext context) {
    this.context = context;
  }

  /** Starts it; {@code port} 0 takes a free one. */
  public static UpstreamApplication start(String dataDir, int port, State state) {
    return new UpstreamApplication(
        (ServletWebServerApplicationContext)
            new SpringApplicationBuilder(Config.class)
                .web(WebApplicationType.SERVLET)
                .initializers(c -> c.getBeanFactory().registerSingleton("state", state))
                .properties("spring.config.name=upstream")
                .run(
                    "--server.port=" + port,
                    "--watchtower.data-dir=" + dataDir,
                    "--watchtower.catalog=../config/watchtower.yaml"));
  }

  /** The port. */
  public int port() {
    var server = context.getWebServer();
    return server == null ? -1 : server.getPort();
  }

  /** Publishes a live message. */
  public void publish(String destination, LongFunction<?> message) {
    context.getBean(LiveTopics.class).publish(destination, message);
  }

  @Override
  public void close() {
    context.close();
  }

  @SpringBootConfiguration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      excludeName = {
        "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
        "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
        "org.springframework.boot.session.jdbc.autoconfigure.JdbcSessionAutoConfiguration",
        "org.springframework.boot.thymeleaf.autoconfigure.ThymeleafAutoConfiguration"
      })
  @Import(Api.class)
  static class Config {
    /** Those of all services that it stands for. */
    @Bean
    LiveDestinations destinations() {
      return LiveDestinations.of(
          "/topic/metrics.{env}.{service}",
          "/topic/detections",
          "/topic/incidents",
          "/topic/incidents.{id}",
          "/topic/runs",
          "/topic/series");
    }

    @Bean
    LiveInterest series(State state) {
      return new LiveInterest() {
        @Override
        public boolean serves(String destination) {
          return destination.equals("/topic/series");
        }

        @Override
        public void subscribed(LiveSubscription subscription) {
          if (serves(subscription.destination())) {
            state.series.subscribed(subscription);
          }
        }

        @Override
        public void unsubscribed(LiveSubscription subscription) {
          state.series.unsubscribed(subscription);
        }
      };
    }

    @Bean
    AccessRules accessRules() {
      return AccessRules.builder()
          .allow(HttpMethod.POST, "/api/v1/signals", Scope.SIGNALS_WRITE)
          .allow(HttpMethod.GET, "/api/v1/**", Scope.READ)
          .allow(HttpMethod.POST, "/api/v1/echo", Scope.RESPOND)
          .open("/ws")
          .build();
    }
  }

  @RestController
  static class Api {
    private final State state;
    private final Clock clock;

    Api(State state, Clock clock) {
      this.state = state;
      this.clock = clock;
    }

    @PostMapping("/api/v1/signals")
    ResponseEntity<Map<String, Object>> take(@RequestBody Signal signal) {
      if (state.signalStatus == 202) {
        state.signals.add(signal);
      }
      var deliverBy = signal.deliverBy();
      boolean late = deliverBy != null && clock.instant().plus(state.ahead).isAfter(deliverBy);
      return ResponseEntity.status(state.signalStatus)
          .body(Map.of("id", signal.id(), "late", late));
    }

    @GetMapping("/api/v1/incidents")
    ResponseEntity<PageOf<IncidentView>> incidents() {
      state.listed.incrementAndGet();
      return ResponseEntity.status(state.listStatus)
          .body(new PageOf<>(List.copyOf(state.incidents), null));
    }

    @GetMapping("/api/v1/incidents/{id}")
    ResponseEntity<IncidentView> incident(@PathVariable UUID id) {
      return ResponseEntity.of(state.incidents.stream().filter(i -> i.id().equals(id)).findAny());
    }

    @GetMapping("/api/v1/maintenance-windows")
    Map<String, Object> windows(
        @RequestParam int limit,
        @RequestParam(defaultValue = "false") boolean current,
        @RequestParam(defaultValue = "0") int page) {
      var found =
          state.windows.stream().filter(w -> !current || !w.containsKey("endedAt")).toList();
      var items = found.stream().skip(page).limit(limit).toList();
      return found.size() > page + limit
          ? Map.of("items", items, "next", Integer.toString(page + limit))
          : Map.of("items", items);
    }

    @GetMapping("/api/v1/audit")
    Map<String, Object> audit() {
      return Map.of("items", List.of());
    }

    @PostMapping("/api/v1/echo")
    Map<String, Object> echo(
        @RequestBody Map<String, Object> body,
        @RequestHeader(name = "X-Forwarded-For", defaultValue = "") String from) {
      return Map.of("caller", Caller.claims().subject(), "body", body, "from", from);
    }
  }
}
