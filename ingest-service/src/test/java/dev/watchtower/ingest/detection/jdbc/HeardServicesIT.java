package dev.watchtower.ingest.detection.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.watchtower.ingest.golden.LastHeard;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.storage.StorageOnPostgres;
import dev.watchtower.ingest.storage.jdbc.FencedTransactions;
import dev.watchtower.ingest.storage.jdbc.PgFence;
import dev.watchtower.ingest.storage.jdbc.PgRequestLog;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import tools.jackson.databind.json.JsonMapper;

class HeardServicesIT {
  private static final ServiceKey SHOP = new ServiceKey("shop", "prod");
  private static final ServiceKey GONE = new ServiceKey("gone", "prod");
  private static final ServiceKey ODD = new ServiceKey("a\0b", "prod");
  private static final Duration SOON = Duration.ofSeconds(20);

  private final StorageOnPostgres postgres = new StorageOnPostgres();
  private final HeardServices table = opened();
  private final ServiceRegistry registry = new ServiceRegistry();

  private HeardServices opened() {
    try {
      PgFence fence = new PgFence();
      new PgRequestLog(postgres.dataSource, fence).open();
      return new HeardServices(
          JdbcClient.create(postgres.dataSource),
          new FencedTransactions(
              postgres.dataSource, fence, new JdbcTransactionManager(postgres.dataSource)),
          JsonMapper.shared());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void heard(ServiceKey key, long at) {
    registry.heardBefore(List.of(new LastHeard(key, at, at + 1, at + 2)), 10_000);
  }

  private static LastHeard last(ServiceKey key, long at) {
    return new LastHeard(key, at, at + 1, at + 2);
  }

  @Test
  void keepsWhenServicesWereHeardAndForgetsWhoIsForgotten() {
    table.save(List.of(last(SHOP, 1_000), last(GONE, 1_000)), List.of());
    HeardServicesWriter writer = new HeardServicesWriter(table, registry, Duration.ofMillis(20));
    assertThat(writer.load()).containsExactlyInAnyOrder(last(SHOP, 1_000), last(GONE, 1_000));
    heard(SHOP, 2_000);
    heard(ODD, 2_000);
    writer.begin();
    writer.start();

    await().atMost(SOON).until(() -> table.load().equals(List.of(last(SHOP, 2_000))));
    heard(SHOP, 3_000);
    await().atMost(SOON).until(() -> table.load().equals(List.of(last(SHOP, 3_000))));
    writer.stop();
  }

  @Test
  void savesAtTheEndToo() {
    HeardServicesWriter writer = new HeardServicesWriter(table, registry, Duration.ofHours(1));
    writer.start();
    heard(SHOP, 2_000);
    writer.begin();
    writer.stop();

    assertThat(table.load()).containsExactly(last(SHOP, 2_000));
  }

  @Test
  void removesNobodyBeforeThePastIsKnown() {
    table.save(List.of(last(GONE, 1_000)), List.of());
    HeardServicesWriter writer = new HeardServicesWriter(table, registry, Duration.ofHours(1));
    assertThat(writer.load()).hasSize(1);
    writer.start();
    writer.stop();

    assertThat(table.load()).containsExactly(last(GONE, 1_000));
  }

  @Test
  void aProcessThatWasReplacedWritesNothing() {
    table.save(List.of(last(SHOP, 1_000)), List.of());
    opened();

    assertThatExceptionOfType(DataAccessResourceFailureException.class)
        .isThrownBy(() -> table.save(List.of(last(SHOP, 2_000)), List.of()));
    assertThat(table.load()).containsExactly(last(SHOP, 1_000));
  }
}
