package dev.watchtower.ingest.detection.anomaly.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.watchtower.ingest.detection.anomaly.SavedModels;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import dev.watchtower.ingest.storage.StorageOnPostgres;
import dev.watchtower.ingest.storage.jdbc.PgFence;
import dev.watchtower.ingest.storage.jdbc.PgRequestLog;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class JdbcSavedModelsIT {
  private static final ServiceKey CHECKOUT = new ServiceKey("checkout", "prod");

  private final StorageOnPostgres postgres = new StorageOnPostgres();
  private final SavedModels models = opened();

  private SavedModels opened() {
    try {
      PgFence fence = new PgFence();
      new PgRequestLog(postgres.dataSource, fence).open();
      return new JdbcSavedModels(postgres.dataSource, fence);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void execute(String sql) throws SQLException {
    try (var connection = postgres.dataSource.getConnection();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void keepsTheNewestOfEachService() {
    models.save(CHECKOUT, 5, new byte[] {1});
    models.save(new ServiceKey("checkout", "test"), 6, new byte[] {2});
    models.save(CHECKOUT, 7, new byte[] {3, 4});

    assertThat(models.load(CHECKOUT)).hasValueSatisfying(b -> assertThat(b).containsExactly(3, 4));
    assertThat(models.load(new ServiceKey("other", "prod"))).isEmpty();
  }

  @Test
  void aProcessThatWasReplacedWritesNothing() {
    models.save(CHECKOUT, 5, new byte[] {1});
    SavedModels newer = opened();
    newer.save(CHECKOUT, 6, new byte[] {2});

    assertThatExceptionOfType(StoreUnavailableException.class)
        .isThrownBy(() -> models.save(CHECKOUT, 7, new byte[] {1}))
        .withMessageContaining("another ingest-service has taken over");
    assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> models.clean(100));
    assertThat(newer.load(CHECKOUT)).hasValueSatisfying(b -> assertThat(b).containsExactly(2));
  }

  @Test
  void removesWhatIsOldAndTheOldestOfTooMany() throws SQLException {
    execute(
        "insert into anomaly_model select 's' || i, 'prod', i, 'x' from generate_series(1, %d) i"
            .formatted(SavedModels.MOST + 20));

    assertThat(models.clean(11)).isEqualTo(20);
    assertThat(models.load(new ServiceKey("s20", "prod"))).isEmpty();
    assertThat(models.load(new ServiceKey("s21", "prod"))).isPresent();
    assertThat(models.clean(31)).isEqualTo(10);
    assertThat(models.clean(31)).isZero();
  }

  @Test
  void passesOverWhatCannotBeAndWhatCannotBeStored() throws SQLException {
    execute(
        "insert into anomaly_model values ('checkout', 'prod', 1, decode(repeat('00', 1048577), 'hex'))");
    ServiceKey odd = new ServiceKey("a\0b", "\ud800");

    models.save(odd, 1, new byte[] {1});

    assertThat(models.load(odd)).isEmpty();
    assertThat(models.load(CHECKOUT)).isEmpty();
  }
}
