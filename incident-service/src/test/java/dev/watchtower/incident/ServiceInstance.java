package dev.watchtower.incident;

import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.common.test.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

/** One of several instances of the service on one database. */
final class ServiceInstance implements AutoCloseable {
  /** What instances share. */
  record World(PostgresSupport.Db database, TestKeys keys, Clock clock, Path catalog) {
    /** A world whose incidents of SEV1 escalate, and whose Discord is at {@code discord}. */
    static World of(TestKeys keys, Clock clock, String discord, String policies)
        throws IOException {
      var catalog = keys.dataDir().resolve("watchtower.yaml");
      Files.writeString(
          catalog,
          Files.readString(Path.of("../config/watchtower.yaml"))
              .replace("${DISCORD_WEBHOOK_URL:-}", discord)
              .replace("  policies: []", policies));
      return new World(PostgresSupport.database(), keys, clock, catalog);
    }

    /** The properties of every instance. */
    Map<String, Object> properties() {
      var all = new HashMap<String, Object>();
      all.put("spring.datasource.url", database.url());
      all.put("spring.datasource.username", database.user());
      all.put("spring.datasource.password", database.password());
      all.put("watchtower.data-dir", keys.dataDir().toString());
      all.put("watchtower.catalog", catalog.toString());
      all.put("watchtower.incident.tick", "50ms");
      all.put("watchtower.outbox.lease", "1s");
      all.put("watchtower.outbox.poll", "100ms");
      // Nobody is there, and each says so at once.
      for (var peer : new String[] {"ingest", "analysis", "supervisor", "chaos", "monitor"}) {
        all.put("watchtower.peers." + peer, "http://127.0.0.1:1");
      }
      return all;
    }

    /** A responder of the service on {@code port}. */
    Api responder(int port) {
      return new Api(
              "http://127.0.0.1:" + port,
              () ->
                  keys.token(
                      "monitor", "user:ann", "*", clock.instant(), Scope.READ, Scope.RESPOND))
          .signalling(name ->
              keys.token(name, "service:" + name, "*", clock.instant(), Scope.SIGNALS_WRITE));
    }
  }

  private final World world;
  private ConfigurableApplicationContext context;
  private Api api;

  ServiceInstance(World world) {
    this.world = world;
    this.context = run();
    this.api = world.responder(port());
  }

  private ConfigurableApplicationContext run() {
    var properties = world.properties();
    properties.put("server.port", "0");
    var started =
        new SpringApplicationBuilder(IncidentServiceApplication.class)
            .initializers(starting -> {
              ((GenericApplicationContext) starting)
                  .registerBean(
                      "testClock", Clock.class, world::clock, bean -> bean.setPrimary(true));
              starting
                  .getEnvironment()
                  .getPropertySources()
                  .addFirst(new MapPropertySource("test", properties));
            })
            .run();
    // The schema is made in the background.
    started.getBean(LazyMigration.class).migrated().orTimeout(60, TimeUnit.SECONDS).join();
    return started;
  }

  private int port() {
    return ((WebServerApplicationContext) context).getWebServer().getPort();
  }

  Api api() {
    return api;
  }

  void restart() {
    context.close();
    context = run();
    api = world.responder(port());
  }

  @Override
  public void close() {
    context.close();
  }
}
