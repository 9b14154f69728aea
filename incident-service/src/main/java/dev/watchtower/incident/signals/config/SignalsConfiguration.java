package dev.watchtower.incident.signals.config;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.db.LazyMigration;
import dev.watchtower.incident.config.IncidentServiceProperties;
import dev.watchtower.incident.config.Ticker;
import dev.watchtower.incident.correlation.Correlation;
import dev.watchtower.incident.correlation.Groupings;
import dev.watchtower.incident.correlation.Merger;
import dev.watchtower.incident.jdbc.Outages;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Lifecycle;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.signals.FlapWatch;
import dev.watchtower.incident.signals.KeptListener;
import dev.watchtower.incident.signals.KeptSignals;
import dev.watchtower.incident.signals.KeptWatch;
import dev.watchtower.incident.signals.SignalBatch;
import dev.watchtower.incident.signals.SignalDesk;
import dev.watchtower.incident.signals.SignalLog;
import dev.watchtower.incident.signals.SignalQueue;
import dev.watchtower.incident.signals.TruncationDesk;
import dev.watchtower.incident.signals.jdbc.JdbcKeptSignals;
import dev.watchtower.incident.signals.jdbc.JdbcSignalLog;
import dev.watchtower.incident.signals.jdbc.JdbcTruncations;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
class SignalsConfiguration {
  private static final Duration FORGET_EVERY = Duration.ofMinutes(1);
  private static final int FORGET_AT_MOST = 5000;

  /**
   * Work for a third of the connections at most; more at once would only make what is taken
   * together smaller. The more may wait, the fewer transactions a storm takes; but a waiting
   * request holds some 60 kB (buffers and stack), and all of them must fit into what the heap of
   * 160 MB has to spare.
   */
  private static final SignalQueue.Limits LIMITS =
      new SignalQueue.Limits(4, 200, 256, 384, Duration.ofSeconds(20));

  @Bean
  SignalLog signalLog(JdbcClient jdbc, JsonMapper json) {
    return new JdbcSignalLog(jdbc, json);
  }

  @Bean
  KeptSignals keptSignals(JdbcClient jdbc, JsonMapper json) {
    return new JdbcKeptSignals(jdbc, json);
  }

  @Bean
  KeptListener keptListener(KeptSignals kept, Groupings groupings, Clock clock) {
    return new KeptListener(kept, id -> groupings.mergedInto(id).isPresent(), clock);
  }

  @Bean
  Ticker keptTicker(
      KeptSignals kept,
      SignalDesk desk,
      Transactions transactions,
      IncidentServiceProperties properties,
      Clock clock,
      LazyMigration migration) {
    return new Ticker(
        "kept-signals",
        properties.tick(),
        clock,
        migration,
        new KeptWatch(kept, desk, transactions)::look);
  }

  @Bean
  SignalDesk signalDesk(
      IncidentBook book,
      Lifecycle lifecycle,
      Transactions transactions,
      SignalLog log,
      Correlation correlation,
      Merger merger,
      KeptSignals kept,
      CatalogSource catalog,
      Clock clock,
      MeterRegistry meters) {
    var desk =
        new SignalDesk(
            new SignalBatch.Tools(book, lifecycle, log, correlation, merger, kept),
            transactions,
            catalog::current,
            Outages::isOutage,
            clock,
            LIMITS,
            new SignalMeters(meters));
    meters.gauge("watchtower.incident.signals.waiting", desk, SignalDesk::waiting);
    return desk;
  }

  @Bean
  TruncationDesk truncationDesk(IncidentBook book, JdbcClient jdbc, Transactions transactions) {
    return new TruncationDesk(book, new JdbcTruncations(jdbc), transactions);
  }

  @Bean
  Ticker flapTicker(
      IncidentBook book,
      Lifecycle lifecycle,
      Transactions transactions,
      IncidentServiceProperties properties,
      Clock clock,
      LazyMigration migration) {
    return new Ticker(
        "flap",
        properties.tick(),
        clock,
        migration,
        new FlapWatch(book, lifecycle, transactions)::look);
  }

  @Bean
  Ticker signalRetention(
      SignalLog log,
      Transactions transactions,
      IncidentServiceProperties properties,
      Clock clock,
      LazyMigration migration) {
    return new Ticker(
        "signal-retention",
        FORGET_EVERY,
        clock,
        migration,
        now ->
            transactions.once(
                () -> log.forget(now.minus(properties.signalRetention()), FORGET_AT_MOST)));
  }
}
