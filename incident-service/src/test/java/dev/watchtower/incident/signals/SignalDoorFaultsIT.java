package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.lifecycle.Transactions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;

/** What goes wrong with a signal is told, logged, measured and audited alike both ways. */
class SignalDoorFaultsIT extends BothWays {
  @Autowired private SignalDesk desk;
  @Autowired private Transactions transactions;

  @Test
  void bothWaysAreLoggedWithTheirUserAndPath() throws IOException, InterruptedException {
    refusing("away", "53300");
    var lines =
        logged(() -> {
          for (var type : List.of(SHORT, LONG)) {
            send(type, signal(freshService(), "rule", SignalStatus.FIRING));
            send(type, signal(freshService(), "away", SignalStatus.FIRING));
          }
        });

    assertThat(lines)
        .containsExactly(
            "/api/v1/signals 202 user:ann",
            "/api/v1/signals 503 user:ann",
            "/api/v1/signals 202 user:ann",
            "/api/v1/signals 503 user:ann");
  }

  private static List<String> logged(Sending sending) throws IOException, InterruptedException {
    var logger = (Logger) LoggerFactory.getLogger("dev.watchtower.request");
    var events = new CopyOnWriteArrayList<ILoggingEvent>();
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            events.add(event);
          }
        };
    appender.start();
    logger.addAppender(appender);
    try {
      sending.send();
      // The line is written once the answer is on its way.
      await().until(() -> lines(events).size() >= 4);
      return lines(events);
    } finally {
      logger.detachAppender(appender);
    }
  }

  private static List<String> lines(List<ILoggingEvent> events) {
    return events.stream()
        .map(event ->
            event.getKeyValuePairs().stream()
                .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value))))
        .filter(line -> "POST".equals(line.get("method")))
        .map(line -> "%s %s %s".formatted(line.get("path"), line.get("status"), line.get("user")))
        .toList();
  }

  /** Has the store refuse signals of a rule, and count how often that is tried. */
  private void refusing(String rule, String code) {
    jdbc.sql("create sequence tries").update();
    jdbc.sql(
            """
            create or replace function refuse_at_door() returns trigger language plpgsql as $$
            begin
              if new.rule = '%s' then
                perform nextval('tries');
                raise exception 'refused' using errcode = '%s';
              end if;
              return new;
            end $$
            """
                .formatted(rule, code))
        .update();
    jdbc.sql(
            """
            create trigger at_door before insert on signal
              for each row execute function refuse_at_door()
            """)
        .update();
  }

  @AfterEach
  void letIn() {
    jdbc.sql("drop trigger if exists at_door on signal").update();
    jdbc.sql("drop sequence if exists tries").update();
  }

  private long tries() {
    return jdbc.sql("select case when is_called then last_value else 0 end from tries")
        .query(Long.class)
        .single();
  }

  private long audited() {
    return jdbc.sql(
            """
            select count(*) from audit_entry
            where action = 'POST /api/v1/signals' and outcome = '500' and actor = 'user:ann'
            """)
        .query(Long.class)
        .single();
  }

  @Test
  void anOutageIsToldAlikeAndMeasuredAndNotTriedTwice() throws IOException, InterruptedException {
    double before = measured("503");
    refusing("away", "53300");

    var shortly = send(SHORT, signal(freshService(), "away", SignalStatus.FIRING));

    assertThat(shortly.statusCode()).isEqualTo(503);
    assertThat(tries()).isOne();
    assertAlike(shortly, send(LONG, signal(freshService(), "away", SignalStatus.FIRING)));
    await().until(() -> measured("503") == before + 2);
  }

  @Test
  void anyOtherFailureIsToldAndAuditedAlikeAndNotTriedTwice()
      throws IOException, InterruptedException {
    long before = audited();
    refusing("poison", "P0001");

    var shortly = send(SHORT, signal(freshService(), "poison", SignalStatus.FIRING));

    assertThat(shortly.statusCode()).isEqualTo(500);
    assertThat(tries()).isOne();
    assertThat(audited()).isEqualTo(before + 1);
    assertAlike(shortly, send(LONG, signal(freshService(), "poison", SignalStatus.FIRING)));
    assertThat(audited()).isEqualTo(before + 2);
  }

  @Test
  void whatFindsTheQueueFullIsToldAlike() throws InterruptedException, ExecutionException {
    var service = freshService();
    var waiting = new ArrayList<Future<SignalDesk.Taken>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      transactions.once(() -> {
        desk.lockScopeOf(signal(service, "lock", SignalStatus.FIRING));
        var first = signal(service, "first", SignalStatus.FIRING);
        waiting.add(executor.submit(() -> desk.take(first, "service:ingest", CLOCK.instant())));
        await().until(() -> waitsForALock());
        for (int i = 0; i < 256; i++) {
          var signal = signal(service, "rule" + i, SignalStatus.FIRING);
          waiting.add(executor.submit(() -> desk.take(signal, "service:ingest", CLOCK.instant())));
        }
        await().until(() -> desk.waiting() == 256);
        return assertFull(service);
      });
    }
    for (var one : waiting) {
      assertThat(one.get()).isInstanceOf(SignalDesk.Taken.Stored.class);
    }
  }

  private boolean waitsForALock() {
    return jdbc.sql("select count(*) from pg_locks where locktype = 'advisory' and not granted")
            .query(Long.class)
            .single()
        > 0;
  }

  private boolean assertFull(String service) {
    try {
      var shortly = send(SHORT, signal(service, "rule", SignalStatus.FIRING));
      assertThat(shortly.statusCode()).isEqualTo(503);
      assertThat(shortly.headers().firstValue("Retry-After")).contains("2");
      assertAlike(shortly, send(LONG, signal(service, "rule", SignalStatus.FIRING)));
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
