package dev.watchtower.common.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.common.wire.Severity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class NotificationsTest {
  private static final String CHANNELS =
      """
        channels:
          - {name: discord, kind: discord, url: "https://discord.example/1"}
          - {name: hook, kind: webhook, url: "https://hook.example/1", secret: 0123456789abcdef}
          - {name: chat, kind: slack, url: "https://chat.example/1", updates: none}
          - {name: mail, kind: email, to: [a@example.org]}
        smtp: {host: mail.example, from: w@example.org, username: u, password: s3cret}
      """;

  private static Notifications read(String notifications) {
    var text =
        "version: 1\nservices: [{name: a, environments: [prod, test]}, {name: b, environments: [prod]}]\n"
            + "notifications:\n"
            + notifications.indent(0);
    return new CatalogParser(name -> null)
        .parse("f", text.getBytes(StandardCharsets.UTF_8))
        .notifications();
  }

  private static List<String> faults(String notifications) {
    return catchThrowableOfType(CatalogException.class, () -> read(notifications)).faults().stream()
        .map(f -> f.path() + ": " + f.message())
        .toList();
  }

  private static List<String> told(
      Notifications notifications, String service, Severity severity, String at) {
    return notifications.channelsFor(service, "prod", severity, Instant.parse(at)).stream()
        .map(Channel::name)
        .toList();
  }

  @Test
  void severalRoutesAndChannelsAddUpUntilOneSaysThatItIsTheLast() {
    var notifications =
        read(
            CHANNELS
                + """
                  routes:
                    - {channels: [mail, hook], services: [a], severities: [SEV1]}
                    - {channel: chat, services: [a], continue: false}
                    - {channel: discord}
                """);

    var at = "2026-03-02T10:00:00Z";
    assertThat(told(notifications, "a", Severity.SEV1, at)).containsExactly("hook", "chat", "mail");
    assertThat(told(notifications, "a", Severity.SEV2, at)).containsExactly("chat");
    assertThat(told(notifications, "b", Severity.SEV1, at)).containsExactly("discord");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    // Monday 2026-03-02, Berlin is one hour ahead.
    "2026-03-02T06:59:59Z, night",
    "2026-03-02T07:00:00Z, day",
    "2026-03-02T16:59:59Z, day",
    "2026-03-02T17:00:00Z, night",
    // Friday's night lasts into Saturday's morning, Saturday itself has neither.
    "2026-03-07T06:59:00Z, night",
    "2026-03-07T07:00:00Z, none",
    "2026-03-08T22:00:00Z, none",
    "2026-03-08T23:30:00Z, night",
    // 2026-03-29 in Berlin has no 02:30; the wall clock goes from 02:00 to 03:00 at 01:00Z.
    "2026-03-29T00:59:59Z, sunday-before",
    "2026-03-29T01:00:00Z, sunday-after",
    // 2026-10-25 has 02:30 twice, and both are within 02:00 to 03:00.
    "2026-10-24T23:59:59Z, sunday-before",
    "2026-10-25T00:30:00Z, skipped",
    "2026-10-25T01:30:00Z, skipped",
    "2026-10-25T02:00:00Z, sunday-after"
  })
  void theWallClockOfTheZoneDecidesAlsoWhenTheClocksChange(String at, String interval) {
    var intervals =
        read("""
          intervals:
            - name: day
              time-zone: Europe/Berlin
              stretches:
                - {days: [monday, tuesday, wednesday, thursday, friday], from: "08:00", to: "18:00"}
            - name: night
              time-zone: Europe/Berlin
              stretches:
                - {days: [sunday], from: "23:59", to: "08:00"}
                - {days: [monday, tuesday, wednesday, thursday, friday], from: "18:00", to: "08:00"}
            - name: sunday-before
              time-zone: Europe/Berlin
              stretches: [{days: [sunday], from: "01:00", to: "02:00"}]
            - name: skipped
              time-zone: Europe/Berlin
              stretches: [{days: [sunday], from: "02:00", to: "03:00"}]
            - name: sunday-after
              time-zone: Europe/Berlin
              stretches: [{days: [sunday], from: "03:00", to: "04:00"}]
        """)
            .intervals();

    var open =
        intervals.stream()
            .filter(i -> i.contains(Instant.parse(at)))
            .map(Notifications.Interval::name)
            .toList();
    assertThat(open).isEqualTo(interval.equals("none") ? List.of() : List.of(interval));
  }

  @Test
  void aRouteIsOpenDuringItsIntervalsAndOutsideTheOthers() {
    var notifications =
        read(
            CHANNELS
                + """
                  intervals:
                    - {name: office, stretches: [{from: "08:00", to: "18:00"}]}
                    - {name: weekend, stretches: [{days: [saturday, sunday]}]}
                  routes:
                    - {channel: chat, during: [office], outside: [weekend]}
                    - {channel: mail, outside: [office]}
                """);

    assertThat(told(notifications, "a", Severity.SEV1, "2026-03-02T10:00:00Z"))
        .containsExactly("chat");
    assertThat(told(notifications, "a", Severity.SEV1, "2026-03-02T20:00:00Z"))
        .containsExactly("mail");
    assertThat(told(notifications, "a", Severity.SEV1, "2026-03-07T10:00:00Z")).isEmpty();
  }

  @Test
  void noSecretIsShownByAChannelThatIsPrinted() {
    var notifications = read(CHANNELS);

    assertThat(notifications.toString())
        .contains("Channel[hook, webhook]")
        .doesNotContain("https://", "0123456789abcdef", "s3cret");
    assertThat(notifications.channel("mail").orElseThrow().isConfigured()).isTrue();
    assertThat(notifications.channel("chat").orElseThrow().updates())
        .isEqualTo(Notifications.Updates.NONE);
  }

  static Stream<String[]> mistakes() {
    return Stream.of(
        new String[] {
          "channels: [{name: h, kind: webhook, url: \"https://h.example\", secret: short}]",
          "notifications.channels[0].secret: expected at least 16 characters"
        },
        new String[] {
          "channels: [{name: h, kind: slack, url: \"https://h.example\", to: [a@b.c]}]",
          "notifications.channels[0].to: a channel of the kind slack has no 'to'"
        },
        new String[] {
          "{outbound-hosts: [\"*.discord.com\"], channels: [{name: h, kind: discord, url: \"https://discord.com.evil.example/x\"}]}",
          "notifications.channels[0].url: its host is not in notifications.outbound-hosts"
        },
        new String[] {
          "{outbound-hosts: [\"*.example.org\"], smtp: {host: mail.example.com, from: a@b.c}}",
          "notifications.smtp: its host is not in notifications.outbound-hosts"
        },
        new String[] {
          "{smtp: {host: m}, channels: [{name: h, kind: email, to: [\"a@b.c\\r\\nBcc: x@y.z\"]}]}",
          "notifications.channels[0].to[0]: expected a mail address such as oncall@example.org, or nothing, found 'a@b.c\r\nBcc: x@y.z'"
        },
        new String[] {
          "{smtp: {host: m}}",
          "notifications.smtp.from: expected the sender's mail address, found nothing"
        },
        new String[] {
          "{channels: [{name: h, kind: discord}], routes: [{services: [a]}]}",
          "notifications.routes[0].channel: expected either 'channel' with one name or 'channels' with a list"
        },
        new String[] {
          "{channels: [{name: h, kind: discord}], routes: [{channel: h, during: [never]}]}",
          "notifications.routes[0].during[0]: there is no interval 'never'"
        },
        new String[] {
          "intervals: [{name: i, stretches: [{from: \"08:00\"}]}]",
          "notifications.intervals[0].stretches[0].to: expected both 'from' and 'to', or neither"
        });
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void saysWhatIsWrong(String notifications, String fault) {
    assertThat(faults("  " + notifications + "\n")).anyMatch(f -> f.startsWith(fault));
  }
}
