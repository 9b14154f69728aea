package dev.watchtower.ingest.storage;

import dev.watchtower.common.test.MutableClock;
import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.ingest.doors.remotewrite.RemoteWriteCodec;
import dev.watchtower.ingest.storage.jdbc.PgChunkArchive;
import dev.watchtower.ingest.storage.jdbc.PgFence;
import dev.watchtower.ingest.storage.jdbc.PgRequestLog;
import java.time.Duration;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/** Storage on a fresh database, opened and 'killed' as often as a test wants. */
public final class StorageOnPostgres {
  public final MutableClock clock = MutableClock.ofAFixedDay();
  public final PGSimpleDataSource dataSource = new PGSimpleDataSource();
  public StorageSettings settings = StorageSettings.defaults();

  /** How long a request waits for its commit. */
  public Duration writeLimit = Duration.ofSeconds(20);

  /** How long retention does not believe a clock that is far ahead; none, as days pass at once. */
  Duration doubt = Duration.ZERO;

  /** Keeps samples for two days, minutes for ten and hours for a hundred. */
  void keepTwoDays(Duration outOfOrderWindow) {
    var retention = new Retention(Duration.ofDays(2), Duration.ofDays(10), Duration.ofDays(100), 0);
    set(settings.maxSeries(), outOfOrderWindow, retention, settings.memoryBytes());
  }

  /** Seals that seldom, and has room for nothing. */
  void sealSeldom(Duration sealAge) {
    var d = settings;
    var retention = new Retention(Duration.ofDays(2), Duration.ofDays(10), Duration.ofDays(100), 1);
    set(d.maxSeries(), d.outOfOrderWindow(), retention, d.memoryBytes(), sealAge);
  }

  /** Keeps so many bytes of sealed chunks in memory, about. */
  void keepInMemory(long bytes) {
    set(settings.maxSeries(), settings.outOfOrderWindow(), settings.retention(), bytes);
  }

  /** Takes so many series at most. */
  public void limitSeries(int most) {
    set(most, settings.outOfOrderWindow(), settings.retention(), settings.memoryBytes());
  }

  private void set(
      int maxSeries, Duration outOfOrderWindow, Retention retention, long memoryBytes) {
    set(maxSeries, outOfOrderWindow, retention, memoryBytes, settings.sealAge());
  }

  private void set(
      int maxSeries,
      Duration outOfOrderWindow,
      Retention retention,
      long memoryBytes,
      Duration sealAge) {
    var d = settings;
    settings =
        new StorageSettings(
            d.serviceLabels(),
            d.envLabels(),
            maxSeries,
            d.maxNewSeriesPerMinute(),
            d.maxLabels(),
            d.maxLabelLength(),
            outOfOrderWindow,
            retention,
            d.sealSamples(),
            sealAge,
            d.memoryWindow(),
            memoryBytes);
  }

  public StorageOnPostgres() {
    this(PostgresSupport.database());
  }

  public StorageOnPostgres(PostgresSupport.Db db) {
    dataSource.setUrl(db.url());
    dataSource.setUser(db.user());
    dataSource.setPassword(db.password());
    dataSource.setCurrentSchema("ingest");
    Flyway.configure()
        .dataSource(dataSource)
        .schemas("ingest")
        .defaultSchema("ingest")
        .load()
        .migrate();
  }

  /** Opens storage; what was open before is left as a crash would leave it. */
  public TimeSeriesStore open() {
    return open(dataSource);
  }

  public TimeSeriesStore open(DataSource source) {
    var store = notStarted(source);
    store.start();
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(store::isReady);
    return store;
  }

  /** Storage that is not open yet. */
  TimeSeriesStore notStarted() {
    return notStarted(dataSource);
  }

  private TimeSeriesStore notStarted(DataSource source) {
    var fence = new PgFence();
    return new TimeSeriesStore(
        new PgRequestLog(source, fence),
        new PgChunkArchive(source, fence),
        new RemoteWriteCodec(),
        settings,
        clock,
        writeLimit,
        doubt);
  }
}
