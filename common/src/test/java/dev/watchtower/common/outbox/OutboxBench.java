package dev.watchtower.common.outbox;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** An outbox on a real database, with as many workers as a test wants; leases of one second. */
final class OutboxBench implements AutoCloseable {
  private static final OutboxProperties PROPERTIES =
      new OutboxProperties(
          true, 4, Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofDays(1));

  private final HikariDataSource dataSource = new HikariDataSource();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final JsonMapper json = new JsonMapper();
  private final JdbcClient jdbc;
  private final OutboxStore store;
  private final OutboxMeters meters = new OutboxMeters(registry);
  private final TransactionTemplate transaction;
  private final List<OutboxWorker> workers = new ArrayList<>();

  OutboxBench(String url) {
    dataSource.setJdbcUrl(url);
    dataSource.setUsername("postgres");
    dataSource.setMaximumPoolSize(8);
    dataSource.setConnectionTimeout(1_000);
    jdbc = JdbcClient.create(dataSource);
    jdbc.sql("drop table if exists outbox").update();
    new ResourceDatabasePopulator(new ClassPathResource("db/outbox/V0_1__outbox.sql"))
        .execute(dataSource);
    store = new OutboxStore(jdbc);
    transaction = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
  }

  OutboxStore store() {
    return store;
  }

  TransactionTemplate transaction() {
    return transaction;
  }

  void worker(OutboxHandler handler) {
    var worker = idle(List.of(handler));
    worker.start();
    workers.add(worker);
  }

  private OutboxWorker idle(List<OutboxHandler> handlers) {
    return new OutboxWorker(
        store,
        () -> handlers,
        PROPERTIES,
        meters,
        new Delivery.Tools(json, new SplittableRandom(7)));
  }

  Outbox outbox() {
    return new Outbox(
        store, workers.isEmpty() ? idle(List.of()) : workers.getFirst(), meters, json);
  }

  UUID append(String key, Object payload) {
    return transaction.execute(tx -> outbox().append(key, "t", payload));
  }

  double count(String what) {
    return registry.counter("watchtower.outbox." + what, "topic", "t").count();
  }

  /** As if every row had failed nine times. */
  void exhaust() {
    jdbc.sql("update outbox set attempt = 9").update();
  }

  /** As if the database's clock had been put back by so much. */
  void putClockBack(Duration by) {
    jdbc.sql(
            "update outbox set due_at = due_at + make_interval(secs => ?), claimed_until = now() + make_interval(secs => ?)")
        .params(by.toSeconds(), by.toSeconds())
        .update();
  }

  /** Messages of as many keys, of which PostgreSQL has no statistics. */
  void fill(int messages) {
    jdbc.sql(
            "insert into outbox (id, topic, key, payload) select gen_random_uuid(), 't', 'key' || n, '{}' from generate_series(1, ?) n")
        .param(messages)
        .update();
  }

  static OutboxHandler handler(Function<OutboxMessage, Outcome> how) {
    return handler(false, how);
  }

  static OutboxHandler handler(boolean oneReceiver, Function<OutboxMessage, Outcome> how) {
    return new OutboxHandler() {
      @Override
      public boolean hasOneReceiver() {
        return oneReceiver;
      }

      @Override
      public String topic() {
        return "t";
      }

      @Override
      public Outcome deliver(OutboxMessage message) {
        return how.apply(message);
      }
    };
  }

  @Override
  public void close() {
    workers.forEach(OutboxWorker::stop);
    dataSource.close();
  }
}
