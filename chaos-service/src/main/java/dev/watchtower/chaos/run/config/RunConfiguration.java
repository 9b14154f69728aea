package dev.watchtower.chaos.run.config;

import dev.watchtower.chaos.run.Holder;
import dev.watchtower.chaos.run.Run;
import dev.watchtower.chaos.run.RunEngine;
import dev.watchtower.chaos.run.Runs;
import dev.watchtower.chaos.run.http.AgentHolder;
import dev.watchtower.chaos.run.http.RunEventDelivery;
import dev.watchtower.chaos.run.http.SupervisorHolder;
import dev.watchtower.chaos.run.jdbc.JdbcRuns;
import dev.watchtower.common.catalog.Attack;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.common.http.Peers;
import dev.watchtower.common.lifecycle.Retention;
import dev.watchtower.common.live.LiveDestinations;
import dev.watchtower.common.live.LiveTopics;
import dev.watchtower.common.outbox.Outbox;
import dev.watchtower.common.security.AccessRules;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.security.ServiceTokens;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Objects;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.client.RestClient;
import tools.jackson.databind.json.JsonMapper;

/** Builds the run engine and what it needs. */
@Configuration(proxyBeanMethods = false)
class RunConfiguration {
  private static final Duration AGENT_LIMIT = Duration.ofMillis(1500);

  @Bean
  AccessRules accessRules() {
    return AccessRules.builder()
        .open("/ws")
        .allow(HttpMethod.GET, "/api/v1/**", Scope.READ)
        .allow(HttpMethod.POST, "/api/v1/runs/*/stop", Scope.CHAOS, Scope.CHAOS_STOP)
        .allow(HttpMethod.POST, "/api/v1/runs/**", Scope.CHAOS)
        .build();
  }

  @Bean
  Runs runs(
      JdbcClient jdbc, PlatformTransactionManager transactions, Outbox outbox, JsonMapper json) {
    return new JdbcRuns(jdbc, new TransactionTemplate(transactions), outbox, json);
  }

  @Bean
  RunEventDelivery runEventDelivery(Peers peers) {
    return new RunEventDelivery(peers);
  }

  @Bean
  LiveDestinations liveDestinations() {
    return LiveDestinations.of("/topic/runs");
  }

  @Bean
  RunEngine runEngine(
      Runs runs,
      Peers peers,
      ServiceTokens tokens,
      LiveTopics topics,
      @Value("${watchtower.chaos.remote-targets:false}") boolean remoteTargets) {
    var agents = new AgentHolder(agentClient(tokens));
    var supervisor = new SupervisorHolder(peers.client("supervisor", AGENT_LIMIT));
    return new RunEngine(
        runs,
        run -> holderOf(run, agents, supervisor, remoteTargets),
        run -> topics.publish("/topic/runs", seq -> message(seq, run)),
        System::nanoTime);
  }

  private static Object message(long seq, Run run) {
    var message = new LinkedHashMap<String, Object>();
    message.put("seq", seq);
    message.put("run", run.view());
    return message;
  }

  private static Holder holderOf(Run run, Holder agents, Holder supervisor, boolean remoteTargets) {
    if (run.kind().equals(Attack.CRASH)) {
      return supervisor;
    }
    if (run.target() == null) {
      return new Refusing("the experiment names no target address");
    }
    return remoteTargets || isOnThisMachine(run.target())
        ? agents
        : new Refusing(
            "the target is on another machine; set watchtower.chaos.remote-targets to allow that");
  }

  private static boolean isOnThisMachine(String url) {
    try {
      var host = URI.create(url).getHost();
      return host != null && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException | IllegalArgumentException e) {
      return false;
    }
  }

  /** Refuses to hold anything, for a reason known beforehand. */
  private record Refusing(String reason) implements Holder {
    @Override
    public Outcome hold(Run run, Duration ttl) {
      return new Outcome.Refused(reason);
    }

    @Override
    public Outcome release(Run run) {
      return new Outcome.Refused(reason);
    }
  }

  private static RestClient agentClient(ServiceTokens tokens) {
    var factory =
        new JdkClientHttpRequestFactory(
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(1))
                .build());
    factory.setReadTimeout(AGENT_LIMIT);
    return RestClient.builder()
        .requestFactory(factory)
        .requestInterceptor((request, body, execution) -> {
          request
              .getHeaders()
              .setBearerAuth(Objects.requireNonNull(tokens.tokenFor("chaos-agent")));
          return execution.execute(request, body);
        })
        .build();
  }

  @Bean
  Retention retention(Runs runs, @Value("${watchtower.chaos.retention:400d}") Duration retention) {
    return new Retention("watchtower.chaos.retention", runs::remove, retention);
  }

  @Bean
  RunStepper runStepper(
      RunEngine engine, Retention retention, LazyMigration migration, Clock clock) {
    return new RunStepper(engine, retention, migration, clock);
  }
}
