package dev.watchtower.common.catalog;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The catalog: what {@code config/watchtower.yaml} says, validated and with all defaults filled in.
 * Immutable; a reload makes a new one. docs/configuration.md explains each key.
 *
 * @param slos those of the file itself and those of {@code sloFiles}
 * @param sloFiles the folder with OpenSLO files, seen from the catalog; null where there is none
 */
public record Catalog(
    Ingest ingest,
    IncidentRules incidents,
    Analysis analysis,
    List<Service> services,
    List<GoldenSignal> goldenSignals,
    List<Rule> rules,
    List<Slo> slos,
    @Nullable String sloFiles,
    List<Probe> probes,
    StatusPage statusPage,
    Notifications notifications,
    Escalation escalation,
    Remediation remediation,
    List<Experiment> experiments) {

  public Catalog {
    services = List.copyOf(services);
    goldenSignals = List.copyOf(goldenSignals);
    rules = List.copyOf(rules);
    slos = List.copyOf(slos);
    probes = List.copyOf(probes);
    experiments = List.copyOf(experiments);
  }

  /** The service of that name, if the catalog has it. */
  public Optional<Service> service(String name) {
    return services.stream().filter(s -> s.name().equals(name)).findFirst();
  }

  /** The experiment of that name, if the catalog has it. */
  public Optional<Experiment> experiment(String name) {
    return experiments.stream().filter(e -> e.name().equals(name)).findFirst();
  }

  /** What may be repaired without a person. */
  public List<Remediation.Playbook> playbooks() {
    return remediation.playbooks();
  }

  /** The SLO of that name, if the catalog has it. */
  public Optional<Slo> slo(String name) {
    return slos.stream().filter(s -> s.name().equals(name)).findFirst();
  }

  /** The same catalog with more SLOs. */
  Catalog withSlos(List<Slo> more) {
    var all = new ArrayList<>(slos);
    all.addAll(more);
    return with(all, notifications);
  }

  /** The same catalog with nobody to be told of anything. */
  Catalog silenced() {
    return with(slos, Notifications.NONE);
  }

  private Catalog with(List<Slo> otherSlos, Notifications others) {
    return new Catalog(
        ingest,
        incidents,
        analysis,
        services,
        goldenSignals,
        rules,
        otherSlos,
        sloFiles,
        probes,
        statusPage,
        others,
        escalation,
        remediation,
        experiments);
  }

  /**
   * {@code watchtower.ingest}: the doors of ingest-service, and what it keeps.
   *
   * @param otlpResourceLabels attributes of OTLP resources that become labels of each series
   * @param retention how long samples are kept
   * @param minuteRetention how long their roll-ups of a minute are
   * @param hourRetention how long their roll-ups of an hour are
   * @param maxDiskBytes most bytes of all of these on disk; 0 for no limit
   */
  public record Ingest(
      boolean anonymous,
      @Nullable Integer otlpPort,
      List<String> serviceLabels,
      List<String> envLabels,
      List<String> otlpResourceLabels,
      long maxBodyBytes,
      int maxSeries,
      int maxNewSeriesPerMinute,
      int maxLabels,
      int maxLabelLength,
      Duration outOfOrderWindow,
      Duration retention,
      Duration minuteRetention,
      Duration hourRetention,
      long maxDiskBytes) {
    public Ingest {
      serviceLabels = List.copyOf(serviceLabels);
      envLabels = List.copyOf(envLabels);
      otlpResourceLabels = List.copyOf(otlpResourceLabels);
    }
  }

  /** {@code watchtower.analysis}. */
  public record Analysis(Duration deadline, Duration baseline, Duration window) {}

  /**
   * A service.
   *
   * @param tier 1 (most important) to 4
   * @param dependencies names of the services it calls
   * @param runbook a link, or a heading of runbook.md
   */
  public record Service(
      String name,
      String title,
      @Nullable String owner,
      int tier,
      List<String> environments,
      List<String> dependencies,
      @Nullable String runbook) {
    public Service {
      environments = List.copyOf(environments);
      dependencies = List.copyOf(dependencies);
    }
  }

  /**
   * How one golden signal is computed.
   *
   * @param name one of traffic, error_rate, latency_p50, latency_p95, latency_p99, cpu, memory
   * @param sources tried in order; the first that has data for a service wins
   */
  public record GoldenSignal(String name, List<Source> sources) {
    public GoldenSignal {
      sources = List.copyOf(sources);
    }

    /**
     * One way to compute it.
     *
     * @param convention the naming convention, for example {@code micrometer}
     * @param expression a query with the placeholders {@code $service}, {@code $env} and {@code
     *     $window}
     */
    public record Source(String convention, String expression) {}
  }

  /**
   * A detection rule.
   *
   * @param kind {@code THRESHOLD}, {@code ANOMALY}, {@code NO_DATA}, {@code BURN_RATE} or {@code
   *     CHANGE}
   * @param signal the golden signal it watches on each service; null when it has an expression or
   *     is a no-data rule
   * @param expression a query of its own whose every result with a value is a breach (for example
   *     {@code queue_depth > 100}); null when it watches a golden signal
   * @param comparison {@code >}, {@code >=}, {@code <} or {@code <=}; for golden signals
   * @param threshold the limit; for golden signals
   * @param holdFor how long the breach must last before it fires
   * @param keepFiringFor how long the condition must be false before it clears
   * @param after for no-data: how long without any sample; for anomaly: how long it rests after one
   * @param services names, or {@code *} for all
   * @param minTraffic requests per second below which the rule keeps still; 0 for always
   * @param clearAt the value that must be crossed back before it clears; null: the limit itself
   * @param burnRate for burn-rate rules
   * @param deployment for change rules
   */
  public record Rule(
      String name,
      SignalKind kind,
      @Nullable String signal,
      @Nullable String expression,
      @Nullable String comparison,
      @Nullable Double threshold,
      Duration holdFor,
      Duration keepFiringFor,
      Duration after,
      Severity severity,
      List<String> services,
      List<String> environments,
      double minTraffic,
      @Nullable String summary,
      @Nullable String runbook,
      @Nullable Double clearAt,
      @Nullable BurnRate burnRate,
      @Nullable Deployment deployment) {
    public Rule {
      services = List.copyOf(services);
      environments = List.copyOf(environments);
    }

    /** A threshold or no-data rule without hysteresis. */
    public Rule(
        String name,
        SignalKind kind,
        @Nullable String signal,
        @Nullable String expression,
        @Nullable String comparison,
        @Nullable Double threshold,
        Duration holdFor,
        Duration keepFiringFor,
        Duration after,
        Severity severity,
        List<String> services,
        List<String> environments,
        double minTraffic,
        @Nullable String summary,
        @Nullable String runbook) {
      this(
          name,
          kind,
          signal,
          expression,
          comparison,
          threshold,
          holdFor,
          keepFiringFor,
          after,
          severity,
          services,
          environments,
          minTraffic,
          summary,
          runbook,
          null,
          null,
          null);
    }

    /**
     * What a burn-rate rule watches.
     *
     * @param slos names, or {@code *} for all
     * @param ticketSeverity severity of the two slow tiers
     */
    public record BurnRate(List<String> slos, Severity ticketSeverity) {
      public BurnRate {
        slos = List.copyOf(slos);
      }
    }

    /**
     * How a change rule judges a deployment.
     *
     * @param baseline how much time before it is compared
     * @param settle how much time after it is left out
     * @param window how much time after that is compared
     * @param watch how long after the deployment it may fire
     */
    public record Deployment(Duration baseline, Duration settle, Duration window, Duration watch) {}

    /** Whether the rule looks at that service and environment. */
    public boolean covers(String service, String env) {
      return (services.contains("*") || services.contains(service))
          && (environments.contains("*") || environments.contains(env));
    }
  }

  /**
   * A black-box HTTP probe.
   *
   * @param service the service it speaks for
   * @param downAfter consecutive failures before it counts as down
   * @param upAfter consecutive successes before it counts as up again
   * @param severity of the service-down signal
   */
  public record Probe(
      String name,
      String service,
      String env,
      String url,
      Duration interval,
      Duration timeout,
      int expectStatus,
      int downAfter,
      int upAfter,
      Severity severity) {}

  /**
   * The public status page.
   *
   * @param updates what becomes of the updates that state changes of incidents make
   */
  public record StatusPage(
      String title, String description, List<Component> components, Updates updates) {
    public StatusPage {
      components = List.copyOf(components);
    }

    /** A page whose updates are published at once. */
    public StatusPage(String title, String description, List<Component> components) {
      this(title, description, components, Updates.AUTO);
    }

    /** Published at once, or drafts that wait for a person. */
    public enum Updates {
      AUTO,
      DRAFT
    }

    /**
     * A line on the status page.
     *
     * @param services the services whose probes and incidents decide its state
     */
    public record Component(String name, String description, String env, List<String> services) {
      public Component {
        services = List.copyOf(services);
      }
    }
  }

  /**
   * A chaos experiment.
   *
   * @param kind the attack, see {@link dev.watchtower.common.wire.RunView#kind}
   * @param service the target
   * @param target base URL of the target's chaos agent; null for {@code crash}, which goes through
   *     the supervisor
   * @param parameters what the kind needs
   * @param duration the deadline, at most one hour
   * @param blind whether its events are hidden from detection and analysis until it is over
   */
  public record Experiment(
      String name,
      String title,
      String hypothesis,
      String kind,
      String service,
      String env,
      @Nullable String target,
      Map<String, Object> parameters,
      Duration duration,
      boolean blind) {
    public Experiment {
      parameters = Map.copyOf(parameters);
    }
  }
}
