package dev.watchtower.monitor.probe;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is to be probed: Watchtower's own parts always, and what the catalog names.
 *
 * @param peers base addresses by service: ingest, incident, analysis, chaos
 * @param databaseUrl JDBC address of PostgreSQL
 * @param interval between checks of Watchtower's own parts
 * @param timeout of those checks
 * @param damping of those checks
 */
public record TargetList(
    Map<String, String> peers,
    String databaseUrl,
    Duration interval,
    Duration timeout,
    Damping damping) {
  /** The environment of Watchtower's own parts. */
  public static final String OWN_ENV = "watchtower";

  private static final List<String> OWN = List.of("ingest", "incident", "analysis", "chaos");
  private static final int POSTGRES_PORT = 5432;

  public TargetList {
    peers = Map.copyOf(peers);
  }

  /** The targets with that catalog. */
  public List<Target> with(Catalog catalog) {
    var targets = new ArrayList<Target>();
    for (var peer : OWN) {
      var url = peers.get(peer);
      if (url != null) {
        targets.add(
            own(
                peer + "-service",
                peer.equals("incident") ? Severity.SEV1 : Severity.SEV2,
                new Check.Http(URI.create(trimmed(url) + "/health/readiness"), 200)));
      }
    }
    targets.add(own("monitor-service", Severity.SEV1, new Check.Self()));
    targets.add(own("postgresql", Severity.SEV1, database(databaseUrl)));
    for (var probe : catalog.probes()) {
      targets.add(
          new Target(
              probe.name(),
              Target.Kind.TARGET,
              probe.service(),
              probe.env(),
              probe.severity(),
              new Check.Http(URI.create(probe.url()), probe.expectStatus()),
              probe.interval(),
              probe.timeout(),
              new Damping(probe.downAfter(), probe.upAfter())));
    }
    return List.copyOf(targets);
  }

  private Target own(String name, Severity severity, Check check) {
    return new Target(
        name, Target.Kind.WATCHTOWER, name, OWN_ENV, severity, check, interval, timeout, damping);
  }

  /** Host and port of {@code jdbc:postgresql://host:port/name?…}. */
  static Check.Tcp database(String jdbcUrl) {
    var uri =
        URI.create(jdbcUrl.startsWith("jdbc:") ? jdbcUrl.substring("jdbc:".length()) : jdbcUrl);
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(
          "WATCHTOWER_DB_URL must look like jdbc:postgresql://host:port/name");
    }
    return new Check.Tcp(uri.getHost(), uri.getPort() < 0 ? POSTGRES_PORT : uri.getPort());
  }

  private static String trimmed(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }
}
