package dev.watchtower.monitor.fallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.monitor.fallback.Handover.Step;
import dev.watchtower.monitor.fallback.Outage.Route;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HandoverTest {
  private static final Instant FIRED = Instant.parse("2026-03-02T10:00:00Z");

  static Outage outage(
      Route route, boolean firingDone, @Nullable Instant clearedAt, boolean clearedDone) {
    return new Outage(
        UUID.randomUUID(),
        "ingest-service",
        "ingest-service",
        "watchtower",
        Severity.SEV2,
        "connection refused",
        FIRED.minusSeconds(3),
        FIRED,
        clearedAt,
        route,
        UUID.randomUUID(),
        UUID.randomUUID(),
        firingDone,
        clearedDone);
  }

  private static Step next(Outage outage, long millis) {
    return Handover.next(outage, FIRED, FIRED.plusMillis(millis), false);
  }

  @Test
  void triesIncidentServiceAtOnceAndUntilTheDeadlineOnly() {
    var fresh = outage(Route.PENDING, false, null, false);

    assertThat(next(fresh, 0)).isEqualTo(new Step.DeliverFiring(Duration.ofSeconds(2)));
    assertThat(next(fresh, 9_000)).isEqualTo(new Step.DeliverFiring(Duration.ofMillis(800)));
    assertThat(next(fresh, 9_700))
        .as("an attempt could still be under way at the deadline")
        .isEqualTo(new Step.WaitUntil(fresh.deliverBy()));
    assertThat(next(fresh, 10_000)).isEqualTo(new Step.TellDiscord());
  }

  @Test
  void neverTellsDiscordWhatIncidentServiceHasTaken() {
    for (long millis = 0; millis < 60_000; millis += 500) {
      assertThat(next(outage(Route.INCIDENT, true, null, false), millis))
          .isEqualTo(new Step.WaitForRecovery());
    }
  }

  @Test
  void decidesOnce() {
    for (long millis = 10_000; millis < 60_000; millis += 500) {
      assertThat(next(outage(Route.DISCORD, false, null, false), millis))
          .isEqualTo(new Step.DeliverFiring(Duration.ofSeconds(2)));
    }
  }

  @Test
  void tellsDiscordAtTheDeadlineWhatIncidentServiceRefusesForGood() {
    var refused = outage(Route.PENDING, true, null, false);

    assertThat(next(refused, 100)).isEqualTo(new Step.WaitUntil(refused.deliverBy()));
    assertThat(next(refused, 10_000)).isEqualTo(new Step.TellDiscord());
  }

  @Test
  void tellsOfTheRecoveryAfterTheOutageAndThenIsDone() {
    var cleared = FIRED.plusSeconds(30);

    assertThat(next(outage(Route.DISCORD, false, cleared, false), 31_000))
        .isInstanceOf(Step.DeliverFiring.class);
    assertThat(next(outage(Route.DISCORD, true, cleared, false), 31_000))
        .isInstanceOf(Step.DeliverCleared.class);
    assertThat(next(outage(Route.DISCORD, true, cleared, true), 31_000)).isEqualTo(new Step.Done());
  }

  @Test
  void pausesAfterAFailureButNeverPastTheDeadline() {
    var fresh = outage(Route.PENDING, false, null, false);
    var now = FIRED.plusSeconds(9);

    assertThat(Handover.next(fresh, FIRED.plusMillis(9_300), now, false))
        .isEqualTo(new Step.WaitUntil(FIRED.plusMillis(9_300)));
    assertThat(Handover.next(fresh, FIRED.plusSeconds(13), now, false))
        .isEqualTo(new Step.WaitUntil(fresh.deliverBy()));
    assertThat(Handover.pause(fresh, 9)).isEqualTo(Duration.ofMillis(500));
    assertThat(Handover.pause(outage(Route.DISCORD, false, null, false), 30))
        .isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void tellsDiscordOfPlannedWorkOnlyOnceItIsOver() {
    var fresh = outage(Route.PENDING, false, null, false);
    var taken = outage(Route.PENDING, true, null, false);
    var over = outage(Route.PENDING, true, FIRED.plusSeconds(30), false);
    var now = FIRED.plusSeconds(60);

    assertThat(Handover.next(fresh, FIRED, now, true))
        .as("incident-service is to know of it all the same")
        .isEqualTo(new Step.DeliverFiring(Duration.ofSeconds(2)));
    assertThat(Handover.next(fresh, now.plusSeconds(3), now, true))
        .isEqualTo(new Step.WaitUntil(now.plusSeconds(3)));
    assertThat(Handover.next(taken, FIRED, now, true))
        .isEqualTo(new Step.WaitUntil(now.plusSeconds(5)));
    assertThat(Handover.next(taken, FIRED, now, false)).isEqualTo(new Step.TellDiscord());
    assertThat(Handover.next(over, FIRED, now, true)).isEqualTo(new Step.TellNobody());
    assertThat(Handover.pause(fresh, 30)).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void waitsForNoClockThatWasPutBack() {
    var fresh = outage(Route.PENDING, false, null, false);
    var told = outage(Route.DISCORD, false, null, false);
    var hourBefore = FIRED.minusSeconds(3_600);

    assertThat(Handover.next(fresh, hourBefore, hourBefore, false))
        .isEqualTo(new Step.TellDiscord());
    assertThat(Handover.next(told, FIRED, hourBefore, false))
        .isEqualTo(new Step.DeliverFiring(Duration.ofSeconds(2)));
    assertThat(Handover.next(fresh, FIRED, FIRED.minusMillis(20), false))
        .as("a clock that is set a little changes nothing")
        .isEqualTo(new Step.WaitUntil(FIRED));
  }

  @Test
  void signalsOfOneOutageShareTheirFingerprintAndNotTheirId() {
    var over = outage(Route.INCIDENT, true, FIRED.plusSeconds(9), false);

    assertThat(over.firing().fingerprint())
        .isEqualTo(over.cleared().fingerprint())
        .matches("[0-9a-f]{32}");
    assertThat(over.firing().id()).isNotEqualTo(over.cleared().id());
    assertThat(over.firing().status()).isEqualTo(SignalStatus.FIRING);
    assertThat(over.firing().deliverBy()).isEqualTo(FIRED.plusSeconds(10));
    assertThat(over.firing().at()).isEqualTo(FIRED.minusSeconds(3));
    assertThat(over.cleared().at()).isEqualTo(FIRED.plusSeconds(9));
    assertThatThrownBy(() -> outage(Route.PENDING, false, null, false).cleared())
        .hasMessageContaining("goes on");
  }

  @Test
  void whatDiscordWasToldIsLateByAnyClock() {
    var hourBefore = FIRED.minusSeconds(3_600);

    assertThat(outage(Route.DISCORD, false, null, false).firing().deliverBy()).isBefore(hourBefore);
    assertThat(outage(Route.PENDING, false, null, false).firing().deliverBy())
        .isEqualTo(FIRED.plusSeconds(10));
    assertThat(outage(Route.PENDING, false, null, false).firingAtAnyTime().deliverBy()).isNull();
  }

  @Test
  void sendsNoTextThatIncidentServiceWouldRefuse() {
    var odd =
        new Outage(
            UUID.randomUUID(),
            "shop",
            "shop",
            "prod",
            Severity.SEV2,
            "d\0b " + "😀".repeat(900),
            FIRED,
            FIRED,
            null,
            Route.PENDING,
            UUID.randomUUID(),
            UUID.randomUUID(),
            false,
            false);

    var summary = odd.firing().summary();
    assertThat(summary).hasSizeLessThanOrEqualTo(500).doesNotContain("\0").endsWith("😀…");
    assertThat(StandardCharsets.UTF_16.newEncoder().canEncode(summary)).isTrue();
  }

  @Test
  void theCardSaysWhatIsDownAndLetsNobodyBePinged() {
    var card =
        DiscordCard.card(outage(Route.DISCORD, false, null, false), null, "http://w.example");

    assertThat(card).containsEntry("allowed_mentions", Map.of("parse", List.of()));
    assertThat(card.toString()).contains("ingest-service is down").contains("connection refused");
  }

  @Test
  void theCardMentionsTheRoleOnceAndNotWhenItIsOver() {
    var down = DiscordCard.card(outage(Route.DISCORD, false, null, false), "42", "http://w");
    var over =
        DiscordCard.card(
            outage(Route.DISCORD, true, FIRED.plusSeconds(87), false), "42", "http://w");

    assertThat(down)
        .containsEntry("content", "<@&42>")
        .containsEntry("allowed_mentions", Map.of("parse", List.of(), "roles", List.of("42")));
    assertThat(over).doesNotContainKey("content");
    assertThat(over.toString()).contains("is up again").contains("1 min 30 s");
  }

  @Test
  void switchesOffDiscordsMarkup() {
    assertThat(DiscordCard.plain("@everyone [x](http://y) **b**"))
        .isEqualTo("\\@everyone \\[x\\]\\(http\\://y\\) \\*\\*b\\*\\*");
    assertThat(DiscordCard.words(Duration.ofSeconds(7_380))).isEqualTo("2 h 3 min");
    assertThat(DiscordCard.words(Duration.ofSeconds(6))).isEqualTo("6 s");
  }
}
