package dev.watchtower.incident.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Notifications;
import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.common.catalog.Notifications.Route;
import dev.watchtower.common.catalog.Notifications.Updates;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.incident.lifecycle.Incident;
import dev.watchtower.incident.lifecycle.Incident.Grade;
import dev.watchtower.incident.lifecycle.Incident.Marks;
import dev.watchtower.incident.lifecycle.Incident.Subject;
import dev.watchtower.incident.lifecycle.Incident.Timers;
import dev.watchtower.incident.lifecycle.IncidentBook.Cause;
import dev.watchtower.incident.lifecycle.IncidentChange;
import dev.watchtower.incident.notification.NoticePlan.Audience;
import dev.watchtower.incident.notification.NoticePlan.Planned;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class NoticePlanTest {
  private static final Instant OPENED = Instant.parse("2026-03-02T10:00:00Z");
  private static final Notifications CATALOG =
      new Notifications(
          List.of(
              new Channel.Discord("cards", "https://discord.com/api/webhooks/1/a", null),
              new Channel.Slack("owners", "https://chat.example/a", Updates.STATES),
              new Channel.Slack("quiet", "https://chat.example/b", Updates.NONE)),
          List.of(route("cards"), route("quiet"), route("owners", "checkout")),
          List.of(),
          new Notifications.DiscordApplication("", Map.of()),
          null);

  private static Route route(String channel, String... services) {
    return new Route(
        List.of(channel), List.of(services), List.of(), List.of(), List.of(), List.of(), true);
  }

  private static Incident about(String service) {
    return new Incident(
        UUID.fromString("00000000-0000-0000-0000-000000000001"),
        1,
        new Subject(service + " fails", service, "prod", null),
        IncidentState.OPEN,
        Grade.byRule(Severity.SEV2),
        new Marks(null, OPENED, null, null, null),
        null,
        Timers.NONE,
        1,
        1,
        List.of());
  }

  private static List<String> plan(
      Incident before, Incident after, Set<String> told, Duration age) {
    return plan(before, after, new Audience(told, channel -> false, () -> false), age);
  }

  private static List<String> plan(
      Incident before, Incident after, Audience audience, Duration age) {
    var change = new IncidentChange(before, after, List.of(), Cause.NONE);
    return NoticePlan.of(change, CATALOG, audience, false, OPENED.plus(age)).stream()
        .map(p -> "%s %s %s".formatted(p.channel(), p.kind(), p.about()))
        .toList();
  }

  @Test
  void anotherServicesRouteIsAskedToo() {
    var news = "about checkout now, no longer storefront";

    assertThat(
            plan(
                about("storefront"),
                about("checkout"),
                Set.of("cards", "quiet"),
                Duration.ofSeconds(20)))
        .containsExactly("cards EDIT " + news, "owners OPENED " + news);
  }

  @Test
  void anotherServiceIsAMessageOfItsOwnOnceTheFirstMinutesAreOver() {
    var news = "about checkout now, no longer storefront";

    assertThat(
            plan(
                about("storefront"),
                about("checkout"),
                Set.of("cards", "owners"),
                Duration.ofMinutes(3)))
        .containsExactly(
            "cards EDIT " + news,
            "cards WORSE " + news,
            "owners EDIT " + news,
            "quiet OPENED " + news);
  }

  @Test
  void aRiseIsAMessageOfItsOwnWhereCardsAreAndAFallIsNot() {
    var worse = about("checkout").graded(Grade.byRule(Severity.SEV1));
    var told = Set.of("cards", "owners", "quiet");

    assertThat(plan(about("checkout"), worse, told, Duration.ofSeconds(5)))
        .containsExactly(
            "cards EDIT SEV2 → SEV1", "cards WORSE SEV2 → SEV1", "owners EDIT SEV2 → SEV1");
    assertThat(plan(worse, about("checkout"), told, Duration.ofSeconds(5)))
        .containsExactly("cards EDIT SEV1 → SEV2", "owners EDIT SEV1 → SEV2");
  }

  @Test
  void aRiseIsNoMessageOfItsOwnWhileTheOpeningWaitsWhichWillShowIt() {
    var worse = about("checkout").graded(Grade.byRule(Severity.SEV1));

    assertThat(
            plan(
                about("checkout"),
                worse,
                new Audience(Set.of("cards", "owners"), "cards"::equals, () -> false),
                Duration.ofSeconds(5)))
        .contains("cards EDIT SEV2 → SEV1")
        .noneMatch(line -> line.contains("WORSE"));
  }

  @Test
  void thatItIsOverIsSaidToWhoKnowsOfItOnly() {
    var over = about("checkout");
    var resolved =
        new Incident(
            over.id(),
            1,
            over.subject(),
            IncidentState.RESOLVED,
            over.grade(),
            new Marks(null, OPENED, null, OPENED, OPENED),
            null,
            Timers.NONE,
            2,
            2,
            List.of());
    var about = "OPEN → RESOLVED";
    var day = Duration.ofDays(1);

    assertThat(plan(over, resolved, Set.of(), day)).isEmpty();
    assertThat(plan(over, resolved, Set.of("quiet"), day))
        .containsExactly("quiet RESOLVED " + about);
    assertThat(plan(over, resolved, new Audience(Set.of(), channel -> false, () -> true), day))
        .containsExactly("cards RESOLVED " + about);
  }

  @Test
  void aMergeReachesAllOnlyIfOneIsToldAndNoRouteLeadsToAnother() {
    var cards = new Planned("cards", Notice.Kind.OPENED, "took in #1", null);
    var unset = new Planned("cards", Notice.Kind.OPENED, "took in #1", "no address");
    var front = about("storefront");

    assertThat(reachesAll(front, Set.of("quiet"), cards)).isTrue();
    assertThat(reachesAll(front, Set.of(), cards)).as("quiet").isFalse();
    assertThat(reachesAll(about("checkout"), Set.of("quiet"), cards)).as("owners").isFalse();
    assertThat(reachesAll(front, Set.of("quiet"), unset)).isFalse();
    assertThat(reachesAll(front, Set.of("quiet", "cards"))).as("nothing new").isFalse();
  }

  private static boolean reachesAll(Incident target, Set<String> told, Planned... plan) {
    return NoticePlan.reachesAll(List.of(plan), target, CATALOG, told, OPENED);
  }

  @Test
  void whoWasToldOfTheSourceOnlyIsToldThatItWasTakenIn() {
    assertThat(
            NoticePlan.tookIn(
                about("storefront"),
                CATALOG,
                Set.of("cards", "quiet", "gone"),
                Set.of("cards", "owners")))
        .containsExactly(new Planned("quiet", Notice.Kind.OPENED, "took in #1", null));
  }
}
