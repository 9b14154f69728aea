package dev.watchtower.ingest.storage.jdbc;

import static dev.watchtower.ingest.storage.jdbc.PgRequestLog.isDamage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the table of series anew from what can be read of it, where PostgreSQL cannot read pages of
 * it or its index. The damaged table stays, under another name, for whoever repairs it by hand.
 * Needs the scans of PostgreSQL 14 and later that go by a row's place.
 */
final class SeriesSalvage {
  private static final int PAGES_AT_ONCE = 256;

  /** The SQLSTATE of damage. */
  private static final String DATA_CORRUPTED = "XX001";

  /** More rows than fit on a page. */
  private static final int ROWS = 300;

  /** Rows from one place up to another, exclusive. */
  private record Span(long page, int row, long toPage, int toRow) {
    String condition() {
      return " where ctid >= '("
          + page
          + ","
          + row
          + ")' and ctid < '("
          + toPage
          + ","
          + toRow
          + ")'";
    }

    boolean isOneRow() {
      return page == toPage && toRow - row == 1;
    }

    List<Span> halves() {
      if (toPage - page > 1) {
        var middle = (page + toPage) / 2;
        return List.of(new Span(page, 0, middle, 0), new Span(middle, 0, toPage, 0));
      }
      var end = toPage == page ? toRow : ROWS;
      var middle = (row + end) / 2;
      return List.of(new Span(page, row, page, middle), new Span(page, middle, page, end));
    }
  }

  private final Connection connection;
  private final PgFence fence;
  private final List<Span> readable = new ArrayList<>();
  private final List<String> damage = new ArrayList<>();

  private SeriesSalvage(Connection connection, PgFence fence) {
    this.connection = connection;
    this.fence = fence;
  }

  /**
   * Leaves a table that can be read.
   *
   * @return what cannot be read, in words; nothing if only the index was damaged
   * @throws SQLException also if nothing of several pages can be read, or no query on the table be
   *     made: that is no damage of single pages, and an empty table would be no help
   */
  static List<String> run(Connection connection, PgFence fence) throws SQLException {
    var salvage = new SeriesSalvage(connection, fence);
    // Each error would end a transaction.
    connection.setAutoCommit(true);
    salvage.makeIndexAnew();
    salvage.look();
    if (!salvage.damage.isEmpty()) {
      salvage.makeTableAnew();
    }
    return List.copyOf(salvage.damage);
  }

  /** With a damaged index no query can even be planned; made anew it needs all rows. */
  private void makeIndexAnew() throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("reindex table series");
    } catch (SQLException e) {
      if (!isDamage(e)) {
        throw e;
      }
      // A table without it is made anew below, with one.
      for (var key : SeriesNames.keys(connection)) {
        execute("alter table series drop constraint " + key);
      }
    }
  }

  private void look() throws SQLException {
    execute("set enable_seqscan = off");
    try (var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "select pg_relation_size('series') / current_setting('block_size')::bigint")) {
      rows.next();
      var pages = rows.getLong(1);
      // Reads no page: what fails here fails for another reason than a page.
      execute("select count(*) from series where ctid < '(0,1)'");
      for (var page = 0L; page < pages; page += PAGES_AT_ONCE) {
        look(new Span(page, 0, Math.min(pages, page + PAGES_AT_ONCE), 0));
      }
      // A small table is one page, which may well be damaged alone.
      if (readable.isEmpty() && pages > 1) {
        throw new SQLException(
            "none of the "
                + pages
                + " pages of the table series can be read; no empty one is put in its place",
            DATA_CORRUPTED);
      }
    } finally {
      execute("reset enable_seqscan");
    }
  }

  private void look(Span span) throws SQLException {
    // Long labels lie elsewhere, and are only read when they are looked at.
    if (canRead("sum(length(labels::text))", span)) {
      readable.add(span);
    } else if (span.toPage() - span.page() == 1 && !canRead("count(*)", span)) {
      damage.add("page " + span.page() + " of the table series");
    } else if (span.isOneRow()) {
      damage.add("row " + span.row() + " on page " + span.page() + " of the table series");
    } else {
      for (var half : span.halves()) {
        look(half);
      }
    }
  }

  private boolean canRead(String what, Span span) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("select " + what + " from series" + span.condition());
      return true;
    } catch (SQLException e) {
      if (!isDamage(e)) {
        throw e;
      }
      return false;
    }
  }

  private void makeTableAnew() throws SQLException {
    var given = NumbersGiven.of(connection);
    connection.setAutoCommit(false);
    try {
      fence.hold(connection);
      execute("create table series_anew (like series including defaults)");
      execute("alter table series_anew add primary key (id)");
      for (var span : readable) {
        execute(
            "insert into series_anew select * from series"
                + span.condition()
                + " on conflict do nothing");
      }
      SeriesNames.swap(connection);
      given.reserve(connection);
      connection.commit();
    } catch (SQLException e) {
      PgRequestLog.rollback(connection, e);
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
