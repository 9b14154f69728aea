package dev.watchtower.incident.notification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.notification.NoticePlan.Planned;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The store of notices by itself; nothing is handed over to a channel. */
class NoticesIT extends RunningService {
  @Autowired private Notices notices;
  @Autowired private NoticeContent content;
  @Autowired private Transactions transactions;

  private static final Notices.Failure LIMITED =
      new Notices.Failure("the channel's rate limit", false);

  private static Planned planned(Notice.Kind kind, String about) {
    return new Planned("none", kind, about, null);
  }

  private UUID incident() {
    var signal = signal(freshService(), "high-error-rate", SignalStatus.FIRING);
    return UUID.fromString(responder().post("/api/v1/signals", signal).text("incident"));
  }

  // Other tests begin when nothing waits, and nobody delivers these.
  @AfterEach
  void nothingIsLeft() {
    jdbc.sql("update notification set state = 'SKIPPED' where channel like 'none%'").update();
  }

  @Test
  void anEscalationThatIsRenewedAfterSomebodyTookItUpIsNeededAgain() {
    var incident = incident();
    var first = planned(Notice.Kind.ESCALATION, "escalated to ann");
    var id = notices.add(incident, first, CLOCK.instant()).orElseThrow();
    advance(Duration.ofMinutes(1));
    responder()
        .post(
            "/api/v1/incidents/" + incident + "/transitions",
            Map.of("event", "ACKNOWLEDGE", "comment", "on it"));
    assertThat(content.overtaken(notices.find(id).orElseThrow()))
        .contains("somebody is on it already");
    advance(Duration.ofMinutes(30));

    assertThat(notices.add(incident, first, CLOCK.instant())).isEmpty();

    var renewed = notices.find(id).orElseThrow();
    assertThat(renewed.createdAt()).isEqualTo(CLOCK.instant());
    assertThat(content.overtaken(renewed)).isEmpty();
    notices.close(id, Notice.State.SKIPPED, "only a test", CLOCK.instant());
  }

  private String about(UUID id) {
    return notices.find(id).orElseThrow().about();
  }

  @Test
  void escalationsThatComeBeforeTheFirstOfThemIsTriedAreAllSaid() {
    var incident = incident();
    var now = CLOCK.instant();
    var failed = planned(Notice.Kind.ESCALATION, "the repair failed");
    var id = notices.add(incident, failed, now).orElseThrow();

    notices.add(incident, planned(Notice.Kind.ESCALATION, "escalated to anna"), now);
    notices.add(incident, planned(Notice.Kind.ESCALATION, "escalated to ann"), now);
    notices.add(incident, failed, now);

    assertThat(about(id)).isEqualTo("the repair failed; escalated to anna; escalated to ann");
    notices.add(incident, planned(Notice.Kind.ESCALATION, "x".repeat(230)), now);
    assertThat(about(id)).isEqualTo("the repair failed…; " + "x".repeat(230));

    notices.begin(id);
    notices.wait(id, LIMITED.reason(), Optional.of(LIMITED), now);
    notices.add(incident, planned(Notice.Kind.ESCALATION, "escalated to boss"), now);
    assertThat(about(id)).as("nobody was reached by the others").isEqualTo("escalated to boss");
    notices.close(id, Notice.State.SKIPPED, "only a test", now);
  }

  @Test
  void anEditThatWaitsIsNotBegunBeforeWhatItIsToShowIsCommitted() throws Exception {
    var incident = incident();
    var now = CLOCK.instant();
    var edit = planned(Notice.Kind.EDIT, "OPEN → RESOLVED");
    var id = notices.add(incident, edit, now).orElseThrow();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var begun =
          transactions.once(() -> {
            assertThat(notices.add(incident, edit, now)).as("the one that waits").isEmpty();
            var beginning = threads.submit(() -> notices.begin(id));
            await().until(this::isOneBlocked);
            assertThat(beginning.isDone()).isFalse();
            return beginning;
          });
      assertThat(begun.get()).isPresent();
    }

    assertThat(notices.add(incident, edit, now)).as("it is being sent").isPresent();
  }

  @Test
  void whatIsBegunTellsWhatItWasRenewedTo() {
    var incident = incident();
    var now = CLOCK.instant();
    var id = notices.add(incident, planned(Notice.Kind.WORSE, "old"), now).orElseThrow();
    var read = notices.find(id).orElseThrow();
    assertThat(notices.add(incident, planned(Notice.Kind.WORSE, "new"), now)).isEmpty();

    var begun = notices.begin(id).orElseThrow();

    assertThat(read.about()).isEqualTo("old");
    assertThat(begun.about()).isEqualTo("new");
    assertThat(begun.state()).isEqualTo(Notice.State.SENDING);
    notices.close(id, Notice.State.SKIPPED, "only a test", now);
    assertThat(notices.begin(id)).isEmpty();
  }

  @Test
  void whatBeginsToWaitAgainWhileNewsAreWrittenDownTellsThem() {
    var incident = incident();
    var now = CLOCK.instant();
    var id = notices.add(incident, planned(Notice.Kind.WORSE, "old"), now).orElseThrow();
    notices.begin(id);

    var added =
        meanwhile(
            () -> notices.wait(id, LIMITED.reason(), Optional.of(LIMITED), now),
            () -> notices.add(incident, planned(Notice.Kind.WORSE, "new"), now));

    assertThat(added).isEmpty();
    assertThat(about(id)).isEqualTo("new");
    notices.close(id, Notice.State.SKIPPED, "only a test", now);
  }

  @Test
  void whatIsToWaitWhileALaterOneIsWrittenDownDoesNot() {
    var incident = incident();
    var now = CLOCK.instant();
    var id = notices.add(incident, planned(Notice.Kind.WORSE, "old"), now).orElseThrow();
    notices.begin(id);

    boolean waits =
        meanwhile(
            () -> notices.add(incident, planned(Notice.Kind.WORSE, "new"), now),
            () -> notices.wait(id, LIMITED.reason(), Optional.of(LIMITED), now));

    assertThat(waits).isFalse();
    assertThat(notices.find(id).orElseThrow().state()).isEqualTo(Notice.State.SENDING);
  }

  @Test
  void whatWasCutOffIsInDoubtThoughItsChannelMayNotBeCalledJustNow() {
    var incident = incident();
    var now = CLOCK.instant();
    for (var kind : List.of(Notice.Kind.WORSE, Notice.Kind.EDIT)) {
      var id = notices.add(incident, planned(kind, "old"), now).orElseThrow();
      notices.begin(id);

      // Its process has ended meanwhile; the next one finds the channel paused.
      assertThat(notices.wait(id, "not now", Optional.empty(), now)).isTrue();

      assertThat(notices.find(id).orElseThrow().mayHaveArrived()).as(kind.name()).isTrue();
      var news = notices.add(incident, planned(kind, "new"), now).orElseThrow();
      assertThat(about(id)).isEqualTo("old");
      // Nobody has tried that one: it waits as it is.
      assertThat(notices.wait(news, "not now", Optional.empty(), now)).isTrue();
      assertThat(notices.find(news).orElseThrow().mayHaveArrived()).as(kind.name()).isFalse();
    }
  }

  @Test
  void whatIsBegunAgainAfterItsProcessEndedIsInDoubt() {
    var incident = incident();
    var now = CLOCK.instant();
    for (var kind : Notice.Kind.values()) {
      if (kind == Notice.Kind.TEST) {
        continue;
      }
      var id = notices.add(incident, planned(kind, "it"), now).orElseThrow();
      assertThat(notices.begin(id).orElseThrow().mayHaveArrived()).as(kind.name()).isFalse();

      assertThat(notices.begin(id).orElseThrow().mayHaveArrived()).as(kind.name()).isTrue();
    }
  }

  @Test
  void whatFailedIsTriedAgainThoughOneInDoubtWaits() {
    var incident = incident();
    var now = CLOCK.instant();
    for (var kind : List.of(Notice.Kind.WORSE, Notice.Kind.EDIT)) {
      var doubtful = notices.add(incident, planned(kind, "first"), now).orElseThrow();
      notices.begin(doubtful);
      var lost = Optional.of(new Notices.Failure("no answer", true));
      assertThat(notices.wait(doubtful, "no answer", lost, now)).isTrue();
      var failed = notices.add(incident, planned(kind, "second"), now).orElseThrow();
      notices.close(failed, Notice.State.FAILED, "not taken", now);

      assertThat(notices.reopen(failed, "try it")).as(kind.name()).isTrue();

      notices.close(failed, Notice.State.FAILED, "not taken", now);
      assertThat(notices.add(incident, planned(kind, "third"), now)).isPresent();
      assertThat(notices.reopen(failed, "try it")).as("the third says as much").isFalse();
    }
  }

  @Test
  void aChannelIsAwayWhenWhatIsFirstInItsLineFailedAndItHasTakenNothingForAWhile() {
    var now = CLOCK.instant();
    var incident = incident();
    var channel = "none-" + incident;
    var opened = new Planned(channel, Notice.Kind.OPENED, "opened", null);
    var first = notices.add(incident(), opened, now).orElseThrow();
    assertThat(heldUp(incident, channel, 3600)).as("it was not tried yet").isEmpty();

    failed(first, 20);
    assertThat(heldUp(incident, channel, 29)).isEmpty();
    assertThat(heldUp(incident, channel, 30)).contains("it is away");
    assertThat(heldUp(incident, channel, 51)).as("nobody was there to try it").isEmpty();

    // It takes another one all the same: the first may be slow to go, but the channel is there.
    failed(first, 60);
    var other = notices.add(incident(), opened, now).orElseThrow();
    notices.sent(other, "1", "", now.plusSeconds(20));
    assertThat(heldUp(incident, channel, 49)).isEmpty();
    assertThat(heldUp(incident, channel, 50)).contains("it is away");

    notices.sent(first, "2", "", now);
    assertThat(heldUp(incident, channel, 50)).isEmpty();
  }

  // Nobody but the channel of the test is told of it.
  private UUID mutedIncident() {
    var service = freshService();
    responder()
        .post(
            "/api/v1/silences",
            Map.of(
                "matchers", Map.of("services", List.of(service)),
                "reason", "a test",
                "duration", "PT10M"));
    return UUID.fromString(
        responder()
            .post("/api/v1/signals", signal(service, "high-error-rate", SignalStatus.FIRING))
            .text("incident"));
  }

  @Test
  void threeAttemptsInVainAreEnough() {
    var now = CLOCK.instant();
    var incident = mutedIncident();
    var channel = "none-" + incident;
    var opened = new Planned(channel, Notice.Kind.OPENED, "opened", null);
    var first = notices.add(incident, opened, now).orElseThrow();
    failed(first, 1);
    failed(first, 2);
    notices.begin(first);
    assertThat(heldUp(incident, channel, 2)).as("the third attempt goes on").isEmpty();
    assertThat(notices.reaches(incident, Set.of("elsewhere"), now)).isTrue();

    failed(first, 4);

    assertThat(heldUp(incident, channel, 2)).contains("it is away");
    assertThat(notices.reaches(incident, Set.of("elsewhere"), now)).isFalse();
    notices.begin(first);
    assertThat(heldUp(incident, channel, 4)).as("it is tried once more").contains("it is away");
  }

  private void failed(UUID notice, int dueSeconds) {
    notices.begin(notice);
    var failure = Optional.of(new Notices.Failure("it is away", false));
    var due = CLOCK.instant().plusSeconds(dueSeconds);
    assertThat(notices.wait(notice, "it is away", failure, due)).isTrue();
  }

  private Optional<String> heldUp(UUID incident, String channel, int seconds) {
    return notices.heldUp(incident, channel, CLOCK.instant().plusSeconds(seconds));
  }

  // The result of what meets the uncommitted first one in the database; that commits then.
  private <T> T meanwhile(Supplier<?> first, Supplier<T> second) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return transactions
          .once(() -> {
            var unused = first.get();
            var met = threads.submit(second::get);
            await().atMost(Duration.ofSeconds(10)).until(this::isOneBlocked);
            return met;
          })
          .get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private boolean isOneBlocked() {
    return jdbc.sql("select exists (select 1 from pg_locks where not granted)")
        .query(Boolean.class)
        .single();
  }
}
