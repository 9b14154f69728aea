package dev.watchtower.ingest.storage.jdbc;

import dev.watchtower.ingest.storage.ChunkArchive.Partition;
import dev.watchtower.ingest.storage.Tier;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The parts of the tables of a tier, named after their first day. */
final class Partitions {
  private static final long DAY_MILLIS = 86_400_000L;
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT);

  private Partitions() {}

  /** The table of a tier. */
  static String table(Tier tier) {
    return switch (tier) {
      case RAW -> "block";
      case MINUTE -> "rollup_minute";
      case HOUR -> "rollup_hour";
    };
  }

  /**
   * Makes the parts in which these times are, where they are not there. They are attached: to be
   * made as parts they would have to wait for all who read the table, for as long as a backup
   * takes.
   *
   * @param connection in a transaction, so that no part stays that is not attached
   */
  static void create(Connection connection, Tier tier, Set<Long> numbers) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var number : numbers) {
        var from = number * tier.partitionMillis();
        var name = name(tier, from);
        if (!exists(connection, name)) {
          statement.execute(
              "create table %s (like %s including storage)".formatted(name, table(tier)));
          statement.execute(
              "alter table %s attach partition %s for values from (%d) to (%d)"
                  .formatted(table(tier), name, from, from + tier.partitionMillis()));
        }
      }
    }
  }

  private static boolean exists(Connection connection, String table) throws SQLException {
    try (var statement = connection.prepareStatement("select to_regclass(?) is not null")) {
      statement.setString(1, table);
      try (var rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  /** The parts that are there, with their sizes. */
  static List<Partition> list(Connection connection) throws SQLException {
    var all = new ArrayList<Partition>();
    for (var tier : Tier.values()) {
      var prefix = table(tier) + "_";
      try (var statement =
          connection.prepareStatement(
              "select c.relname, pg_total_relation_size(c.oid) from pg_inherits i"
                  + " join pg_class c on c.oid = i.inhrelid"
                  + " where i.inhparent = ?::regclass order by c.relname")) {
        statement.setString(1, table(tier));
        try (var rows = statement.executeQuery()) {
          while (rows.next()) {
            var day = LocalDate.parse(rows.getString(1).substring(prefix.length()), NAME);
            var from = day.toEpochDay() * DAY_MILLIS;
            all.add(new Partition(tier, from, from + tier.partitionMillis(), rows.getLong(2)));
          }
        }
      }
    }
    return all;
  }

  /** How many samples are in a part. */
  static long samples(Connection connection, Partition partition) throws SQLException {
    var name = name(partition.tier(), partition.fromMillis());
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("select coalesce(sum(samples), 0) from " + name)) {
      if (!rows.next()) {
        throw new SQLException("no sum");
      }
      return rows.getLong(1);
    }
  }

  /**
   * Drops a part. Whoever reads the table, as a backup does, is not waited for: all who want to
   * read it then would have to wait behind us.
   */
  static boolean drop(Connection connection, Partition partition) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("set local lock_timeout = '1s'");
      statement.execute("drop table " + name(partition.tier(), partition.fromMillis()));
      statement.execute(
          "insert into dropped (tier, through) values ('%s', %d) on conflict (tier) do update"
                  .formatted(partition.tier().text(), partition.toMillis())
              + " set through = greatest(dropped.through, excluded.through)");
      return true;
    }
  }

  /** Up to which time parts of each tier were dropped. */
  static Map<Tier, Long> droppedThrough(Connection connection) throws SQLException {
    var through = new EnumMap<Tier, Long>(Tier.class);
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("select tier, through from dropped")) {
      while (rows.next()) {
        for (var tier : Tier.values()) {
          if (tier.text().equals(rows.getString(1))) {
            through.put(tier, rows.getLong(2));
          }
        }
      }
    }
    return through;
  }

  private static String name(Tier tier, long from) {
    return table(tier) + "_" + NAME.format(LocalDate.ofEpochDay(Math.floorDiv(from, DAY_MILLIS)));
  }
}
