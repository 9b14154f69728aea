package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.DoubleStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our clock and the sender's were ahead for a minute. */
class ClockAheadIT {
  private static final int SOME = 6;
  private static final Duration STEP = Duration.ofSeconds(10);

  private final StorageOnPostgres postgres = new StorageOnPostgres();
  private final long begin = postgres.clock.millis();
  private int written;

  /** The next samples of a series, one after the other. */
  private void write(TimeSeriesStore store) {
    for (var i = 0; i < SOME; i++) {
      var result = StorageIT.write(store, "x", postgres.clock.millis(), ++written);
      assertThat(result.stored()).as(result.refusals().describe()).isEqualTo(1);
      postgres.clock.advance(STEP);
    }
  }

  private static void seal(TimeSeriesStore store) {
    store.sealSoon();
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> store.unsealedSamples() == 0);
    store.sealSoon();
    Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> store.sealedSamples() > 0);
  }

  private List<Double> values(TimeSeriesStore store, long from, long to) {
    var match = List.of(Matcher.eq(Labels.METRIC_NAME, "x"));
    var found =
        store.reader().select(match, Instant.ofEpochMilli(from), Instant.ofEpochMilli(to), 1);
    assertThat(found).hasSize(1);
    var samples = store.reader().read(found.getFirst(), from, to);
    return DoubleStream.of(samples.values()).boxed().toList();
  }

  private long archived() throws SQLException {
    try (var connection = postgres.dataSource.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select sum(samples) from block")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /**
   * @param ahead by how many minutes
   * @param sealed whether that was sealed before the clock was put back
   * @param later so many minutes after it the service starts again
   */
  @ParameterizedTest
  @CsvSource({
    "20, false, 1",
    "20, false, 25",
    "20, true, 15",
    "60, false, 30",
    "60, true, 30",
    "1440, true, 5",
    "1440, false, 1500",
    "1440, true, 1500"
  })
  void knownSeriesGoOnAtOnce(int ahead, boolean sealed, int later) throws SQLException {
    var store = postgres.open();
    write(store);
    postgres.clock.advance(Duration.ofMinutes(ahead));
    var aheadFrom = postgres.clock.millis();
    write(store);
    if (sealed) {
      seal(store);
    }
    postgres.clock.advance(Duration.ofMinutes(-ahead));
    var back = postgres.clock.millis();

    write(store);
    assertThat(values(store, back, back + 59_999))
        .containsExactly(13.0, 14.0, 15.0, 16.0, 17.0, 18.0);
    postgres.clock.set(Instant.ofEpochMilli(back).plus(Duration.ofMinutes(later)));
    store.close();
    var reopened = postgres.open();
    write(reopened);

    var inOrder = List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0);
    assertThat(values(reopened, begin, back + 59_999)).isEqualTo(inOrder);
    assertThat(values(reopened, aheadFrom, aheadFrom + 60_000))
        .containsExactly(7.0, 8.0, 9.0, 10.0, 11.0, 12.0);
    assertThat(values(reopened, begin, begin + Duration.ofDays(2).toMillis())).hasSize(4 * SOME);
    seal(reopened);
    assertThat(archived()).isEqualTo(4 * SOME);
    assertThat(values(reopened, begin, back + 59_999)).isEqualTo(inOrder);
    assertThat(values(reopened, begin, begin + Duration.ofDays(2).toMillis())).hasSize(4 * SOME);
  }
}
