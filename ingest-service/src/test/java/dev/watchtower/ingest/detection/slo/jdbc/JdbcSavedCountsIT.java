package dev.watchtower.ingest.detection.slo.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.detection.slo.Counts;
import dev.watchtower.ingest.detection.slo.SavedCounts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class JdbcSavedCountsIT extends IngestContext {
  private static final String LONG = "x".repeat(10_000);

  @Autowired private SavedCounts saved;

  private static Map<Long, List<Counts>> hour(long hour, double total) {
    return Map.of(hour, List.of(new Counts(1, total), new Counts(0, 0)));
  }

  @Test
  void anSloThatIsChangedBackHasItsHistoryAgain() {
    saved.save("typo", LONG, hour(500_000, 2));
    assertThat(saved.load("typo", LONG + "y", 2, 0, 500_000)).isEmpty();
    saved.save("typo", LONG + "y", hour(500_000, 3));
    saved.save("typo", LONG + "y", hour(500_000, 4));

    assertThat(saved.load("typo", LONG, 2, 0, 500_000)).isEqualTo(hour(500_000, 2));
    assertThat(saved.load("typo", LONG + "y", 2, 0, 500_000)).isEqualTo(hour(500_000, 4));
  }

  @Test
  void leavesOutWhatIsOldOrOfTheFutureOrCountedMoreFinely() {
    saved.save("fine", "a", hour(500_000, 2));
    saved.save("fine", "a", hour(500_096, 2));

    assertThat(saved.load("fine", "a", 2, 500_000, 500_000)).hasSize(1);
    assertThat(saved.load("fine", "a", 2, 500_001, 500_095)).isEmpty();
    assertThat(saved.load("fine", "a", 60, 0, 500_000)).isEmpty();
    assertThat(saved.load("other", "a", 2, 0, 500_000)).isEmpty();
  }
}
