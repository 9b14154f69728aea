package dev.watchtower.ingest.detection.slo.jdbc;

import dev.watchtower.ingest.detection.slo.Counts;
import dev.watchtower.ingest.detection.slo.SavedCounts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The table {@code slo_hour}. */
public final class JdbcSavedCounts implements SavedCounts {
  private final JdbcClient jdbc;
  private final TransactionOperations transaction;

  /**
   * On that database.
   *
   * @param transaction such that a process that was replaced writes nothing
   */
  public JdbcSavedCounts(JdbcClient jdbc, TransactionOperations transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  @Override
  public Map<Long, List<Counts>> load(
      String slo, String counting, int buckets, long first, long last) {
    Map<Long, List<Counts>> hours = new HashMap<>();
    jdbc.sql(
            """
            select hour, good, total from slo_hour
            where slo = ? and expression = ? and cardinality(total) = ?
              and hour between ? and ?
            """)
        .params(slo, counting, buckets, first, last)
        .query((row, _) -> hours.put(row.getLong("hour"), counts(row)))
        .list();
    return hours;
  }

  private static List<Counts> counts(ResultSet row) throws SQLException {
    Double[] good = (Double[]) row.getArray("good").getArray();
    Double[] total = (Double[]) row.getArray("total").getArray();
    List<Counts> counts = new ArrayList<>(total.length);
    for (int i = 0; i < total.length; i++) {
      counts.add(new Counts(Math.min(good[i], total[i]), total[i]));
    }
    return counts;
  }

  @Override
  public void save(String slo, String counting, Map<Long, List<Counts>> hours) {
    transaction.executeWithoutResult(_ ->
        hours.forEach((hour, counts) ->
            jdbc.sql(
                    """
                    insert into slo_hour (slo, hour, expression, good, total)
                    values (?, ?, ?, ?, ?)
                    on conflict (slo, hour, md5(expression)) do update
                    set good = excluded.good, total = excluded.total
                    """)
                .params(
                    slo,
                    hour,
                    counting,
                    values(counts, Counts::good),
                    values(counts, Counts::total))
                .update()));
  }

  @Override
  public int deleteBefore(long hour) {
    Integer deleted =
        transaction.execute(
            _ -> jdbc.sql("delete from slo_hour where hour < ?").param(hour).update());
    return deleted == null ? 0 : deleted;
  }

  private static Double[] values(List<Counts> counts, ToDoubleFunction<Counts> which) {
    return counts.stream().mapToDouble(which).boxed().toArray(Double[]::new);
  }
}
