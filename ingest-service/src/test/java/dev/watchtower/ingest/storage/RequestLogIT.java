package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.storage.RequestLog.Entry;
import dev.watchtower.ingest.storage.RequestLog.UnavailableException;
import dev.watchtower.ingest.storage.jdbc.PgFence;
import dev.watchtower.ingest.storage.jdbc.PgRequestLog;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The log of requests in PostgreSQL, by itself. */
class RequestLogIT {
  private final StorageOnPostgres postgres = new StorageOnPostgres();
  private final Random random = new Random(7);

  @Test
  void whatIsAppendedIsPlayedAgainToTheByte() throws UnavailableException {
    var log = opened();
    var few = List.of(entry(1, 0), entry(2, 1), entry(3, 7_999), entry(4, 8_000), entry(5, 8_001));
    var large = List.of(entry(6, 900_000), entry(7, 0), entry(8, 400_000));

    log.append(0, few);
    log.append(0, large);

    var all = new ArrayList<>(few);
    all.addAll(large);
    assertThat(played())
        .zipSatisfy(
            all,
            (read, written) -> {
              assertThat(read.body()).isEqualTo(written.body());
              assertThat(read.withBody(written.body())).isEqualTo(written);
            });
  }

  @Test
  void whoWasReplacedAppendsNothing() throws UnavailableException {
    var replaced = opened();
    replaced.append(0, List.of(entry(1, 10)));
    var log = opened();

    for (var bytes : List.of(10, 2_000_000)) {
      assertThatThrownBy(() -> replaced.append(0, List.of(entry(2, bytes))))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("another ingest-service has taken over");
    }
    log.append(0, List.of(entry(2, 10)));

    assertThat(played()).extracting(Entry::position).containsExactly(1L, 2L);
  }

  @Test
  void theCommitWaitsForTheDiskHoweverTheServerIsSetUp() throws SQLException, UnavailableException {
    try (var connection = postgres.dataSource.getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create table how (value text)");
      statement.execute(
          "create function noted() returns trigger language plpgsql as $$ begin"
              + " insert into how values (current_setting('synchronous_commit'));"
              + " return new; end $$");
      statement.execute(
          "create constraint trigger noted after insert on write_log_0"
              + " deferrable initially deferred for each row execute function noted()");
    }
    postgres.dataSource.setOptions("-c synchronous_commit=off");
    var log = opened();

    // In one statement, and by COPY in 250 rows.
    log.append(0, List.of(entry(1, 10)));
    log.append(0, List.of(entry(2, 2_000_000)));

    try (var connection = postgres.dataSource.getConnection();
        var rows =
            connection
                .createStatement()
                .executeQuery("select count(*), min(value), max(value) from how")) {
      rows.next();
      assertThat(rows.getLong(1)).isEqualTo(1 + 250);
      assertThat(rows.getString(2)).isEqualTo("on");
      assertThat(rows.getString(3)).isEqualTo("on");
    }
  }

  private PgRequestLog opened() throws UnavailableException {
    var log = new PgRequestLog(postgres.dataSource, new PgFence());
    log.open();
    return log;
  }

  private List<Entry> played() throws UnavailableException {
    var entries = new ArrayList<Entry>();
    var damaged = opened().replay(0, entries::add);
    assertThat(damaged).isFalse();
    return entries;
  }

  private Entry entry(long position, int bytes) {
    var body = new byte[bytes];
    random.nextBytes(body);
    return new Entry(position, BodyCodec.REMOTE_WRITE_2, 3 * (int) position, body);
  }
}
