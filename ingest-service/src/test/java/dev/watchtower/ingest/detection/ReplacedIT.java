package dev.watchtower.ingest.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.watchtower.common.test.PostgresSupport;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.ingest.RunningIngest;
import dev.watchtower.ingest.detection.jdbc.FiringSignals;
import dev.watchtower.ingest.detection.jdbc.RuleStates;
import dev.watchtower.ingest.detection.jdbc.SignalWriter;
import dev.watchtower.ingest.detection.slo.Counts;
import dev.watchtower.ingest.detection.slo.SavedCounts;
import dev.watchtower.ingest.golden.ServiceKey;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.storage.jdbc.FencedTransactions;
import dev.watchtower.ingest.storage.jdbc.PgFence;
import dev.watchtower.ingest.storage.jdbc.PgRequestLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.json.JsonMapper;

/** Another process has taken over the database while this one goes on. */
@DirtiesContext
class ReplacedIT extends RunningIngest {
  private static final PostgresSupport.Db OWN = PostgresSupport.database();
  private static final ServiceKey CHECKOUT = new ServiceKey("checkout", "prod");

  @Autowired private DataSource dataSource;
  @Autowired private JdbcClient jdbc;
  @Autowired private SignalWriter writer;
  @Autowired private FiringSignals firing;
  @Autowired private PgFence fence;
  @Autowired private PlatformTransactionManager transactions;
  @Autowired private JsonMapper json;
  @Autowired private SavedCounts counts;

  @DynamicPropertySource
  static void ownDatabase(DynamicPropertyRegistry registry) {
    OWN.register(registry);
  }

  private static Detected signal(SignalStatus status) {
    return new Detected(
        new Signal(
            UUID.randomUUID(),
            "f1",
            SignalKind.BURN_RATE,
            status,
            "burning",
            CHECKOUT.service(),
            CHECKOUT.env(),
            Severity.SEV2,
            "burning",
            Instant.ofEpochSecond(1_000),
            null,
            null),
        Labels.EMPTY);
  }

  private static Remembered pending(String rule) {
    return new Remembered(
        Remembered.What.PENDING,
        rule,
        CHECKOUT,
        Labels.EMPTY,
        SignalKind.THRESHOLD,
        Severity.SEV3,
        1,
        1);
  }

  private List<String> pendingRules() {
    return jdbc.sql("select rule from rule_state").query(String.class).list();
  }

  private int messages() {
    return jdbc.sql("select count(*) from outbox").query(Integer.class).single();
  }

  @Test
  void itChangesNothingOfWhatTheOtherKnows() throws Exception {
    Duration soon = Duration.ofSeconds(20);
    writer.write(List.of(signal(SignalStatus.FIRING)));
    counts.save("api", "x", Map.of(7L, List.of(new Counts(1, 2))));
    RuleStates states =
        new RuleStates(jdbc, new FencedTransactions(dataSource, fence, transactions), json);
    states.save(new RememberedChanges(List.of(pending("full")), List.of()));
    Awaitility.await().atMost(soon).until(() -> !firing.load().isEmpty());

    new PgRequestLog(dataSource, new PgFence()).open();
    int told = messages();
    writer.write(List.of(signal(SignalStatus.CLEARED)));

    Awaitility.await().atMost(soon).until(writer::isBehind);
    assertThat(firing.load()).hasSize(1);
    assertThat(messages()).isEqualTo(told);
    assertThatExceptionOfType(DataAccessResourceFailureException.class)
        .isThrownBy(() -> counts.save("api", "x", Map.of(7L, List.of(new Counts(0, 0)))))
        .withMessageContaining("another ingest-service has taken over");
    assertThatExceptionOfType(DataAccessResourceFailureException.class)
        .isThrownBy(() -> counts.deleteBefore(100));
    assertThat(counts.load("api", "x", 1, 0, Long.MAX_VALUE))
        .containsEntry(7L, List.of(new Counts(1, 2)));
    assertThatExceptionOfType(DataAccessResourceFailureException.class)
        .isThrownBy(
            () -> states.save(new RememberedChanges(List.of(), List.of(pending("full").id()))));
    assertThat(pendingRules()).containsExactly("full");
  }
}
