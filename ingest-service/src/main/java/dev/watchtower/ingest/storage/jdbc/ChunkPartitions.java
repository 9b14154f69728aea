package dev.watchtower.ingest.storage.jdbc;

import dev.watchtower.ingest.storage.ChunkArchive.Sealed;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;

/** The days of the table {@code chunk}. */
final class ChunkPartitions {
  private static final long DAY_MILLIS = 86_400_000L;
  private static final String PREFIX = "chunk_";
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT);

  private ChunkPartitions() {}

  /** Makes the partitions that the chunks need and that are not there. */
  static void create(Connection connection, Collection<Sealed> chunks) throws SQLException {
    var days = new TreeSet<Long>();
    for (var sealed : chunks) {
      days.add(Math.floorDiv(sealed.chunk().maxTs(), DAY_MILLIS));
    }
    try (var statement = connection.createStatement()) {
      for (var day : days) {
        statement.execute(
            "create table if not exists %s partition of chunk for values from (%d) to (%d)"
                .formatted(name(day), day * DAY_MILLIS, (day + 1) * DAY_MILLIS));
      }
    }
  }

  /** Drops the days that ended before a time. */
  static int dropBefore(Connection connection, long millis) throws SQLException {
    var old = new ArrayList<String>();
    var oldest = name(Math.floorDiv(millis, DAY_MILLIS));
    try (var statement = connection.createStatement()) {
      try (var rows =
          statement.executeQuery(
              "select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid"
                  + " where i.inhparent = 'chunk'::regclass")) {
        while (rows.next()) {
          var name = rows.getString(1);
          if (name.startsWith(PREFIX) && name.compareTo(oldest) < 0) {
            old.add(name);
          }
        }
      }
      for (var name : old) {
        statement.execute("drop table " + name);
      }
    }
    return old.size();
  }

  private static String name(long day) {
    return PREFIX + NAME.format(LocalDate.ofEpochDay(day));
  }
}
