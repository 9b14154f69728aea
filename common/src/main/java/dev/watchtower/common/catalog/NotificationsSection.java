package dev.watchtower.common.catalog;

import static dev.watchtower.common.catalog.CatalogSections.SEVERITY;
import static dev.watchtower.common.catalog.EscalationSection.DAY;
import static dev.watchtower.common.catalog.EscalationSection.TIME_OF_DAY;
import static dev.watchtower.common.catalog.EscalationSection.ZONE;

import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.common.catalog.Notifications.DiscordApplication;
import dev.watchtower.common.catalog.Notifications.Heartbeat;
import dev.watchtower.common.catalog.Notifications.Interval;
import dev.watchtower.common.catalog.Notifications.Route;
import dev.watchtower.common.catalog.Notifications.Smtp;
import dev.watchtower.common.catalog.Notifications.Stretch;
import dev.watchtower.common.catalog.Notifications.Updates;
import dev.watchtower.common.catalog.Section.NameSpace;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The reader of {@code notifications}. */
final class NotificationsSection {
  private static final int SHORTEST_SECRET = 16;
  private static final String NOT_ALLOWED = "its host is not in notifications.outbound-hosts";
  private static final Pattern MAILBOX =
      Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}");

  private static final Kind<String> SECRET =
      new Kind<>(
          "a secret text, or nothing",
          t -> t.length() > 1_000 ? Optional.empty() : Optional.of(t.strip()),
          "",
          true,
          Map.of("type", List.of("string", "number")));

  private static final Kind<String> TEXT_OR_NOTHING =
      new Kind<>(
          "a text, or nothing",
          t -> t.length() > 1_000 ? Optional.empty() : Optional.of(t.strip()),
          "",
          false,
          Map.of("type", List.of("string", "number")));

  private static final Kind<String> MAIL_ADDRESS =
      new Kind<>(
          "a mail address such as oncall@example.org, or nothing",
          t ->
              t.isBlank() || MAILBOX.matcher(t.strip()).matches()
                  ? Optional.of(t.strip())
                  : Optional.empty(),
          "",
          false,
          Map.of("type", "string"));

  private static final Kind<String> HOST =
      new Kind<>(
          "a host name such as hooks.example.org, or *.example.org",
          t ->
              t.matches("(\\*\\.)?[A-Za-z0-9.:-]{1,255}")
                  ? Optional.of(t.toLowerCase(Locale.ROOT))
                  : Optional.empty(),
          "host",
          false,
          Map.of("type", "string"));

  private static final Kind<String> PUBLIC_KEY =
      new Kind<>(
          "the application's public key, 64 hexadecimal digits, or nothing",
          t ->
              t.isBlank() || t.strip().matches("[0-9a-fA-F]{64}")
                  ? Optional.of(t.strip())
                  : Optional.empty(),
          "",
          false,
          Map.of("type", "string"));

  private static final Kind<Updates> UPDATES =
      Kind.word(Map.of("none", Updates.NONE, "states", Updates.STATES, "all", Updates.ALL));

  private NotificationsSection() {}

  static Notifications notifications(Section s) {
    var smtp = s.section("smtp", NotificationsSection::smtp);
    var hosts = s.list("outbound-hosts", HOST, List.of());
    if (!smtp.host().isEmpty() && !hosts.isEmpty() && !isAllowed(smtp.host(), hosts)) {
      s.fault("smtp", NOT_ALLOWED);
    }
    return new Notifications(
        s.sections("channels", c -> channel(c, smtp, hosts)),
        s.sections("routes", NotificationsSection::route),
        s.sections("intervals", NotificationsSection::interval),
        s.section("discord-application", NotificationsSection::application),
        s.section("heartbeat", NotificationsSection::heartbeat).orElse(null));
  }

  private static DiscordApplication application(Section s) {
    var responders = new LinkedHashMap<String, String>();
    s.free("responders")
        .forEach((id, name) -> {
          if (!id.matches("\\d{5,20}")) {
            s.fault("responders", "expected ids of Discord users, found '" + id + "'");
          } else if (!(name instanceof String person) || person.isBlank()) {
            s.fault("responders", "expected the name of a Watchtower user for " + id);
          } else {
            responders.put(id, person.strip());
          }
        });
    return new DiscordApplication(s.orElse("public-key", PUBLIC_KEY, ""), responders);
  }

  private static Optional<Heartbeat> heartbeat(Section s) {
    var every = s.optional("every", Kind.word(Map.of("day", "day", "week", "week")));
    var day = s.orElse("day", DAY, DayOfWeek.MONDAY);
    if (s.has("day") && "day".equals(every)) {
      s.fault("day", "is for 'every: week'");
    }
    var at = s.orElse("at", TIME_OF_DAY, LocalTime.of(9, 0));
    var zone = s.orElse("time-zone", ZONE, ZoneOffset.UTC);
    var channels = s.referAll("channels", NameSpace.CHANNEL, List.of());
    return Optional.ofNullable(every)
        .map(e -> new Heartbeat(e.equals("week") ? day : null, at, zone, channels));
  }

  private static Smtp smtp(Section s) {
    var host = s.orElse("host", TEXT_OR_NOTHING, "");
    var from = s.orElse("from", MAIL_ADDRESS, "");
    if (!host.isEmpty() && from.isEmpty()) {
      s.fault("from", "expected the sender's mail address, found nothing");
    }
    return new Smtp(
        host,
        s.orElse("port", Kind.whole(1, 65_535), 587),
        s.orElse("username", SECRET, ""),
        s.orElse("password", SECRET, ""),
        s.orElse(
            "tls",
            Kind.word(
                Map.of("none", Smtp.Tls.NONE, "starttls", Smtp.Tls.STARTTLS, "tls", Smtp.Tls.TLS)),
            Smtp.Tls.STARTTLS),
        from);
  }

  private static Channel channel(Section c, Smtp smtp, List<String> hosts) {
    var name = c.declare("name", NameSpace.CHANNEL);
    var kind =
        c.required(
            "kind",
            Kind.word(
                Map.of(
                    "discord", "discord", "email", "email", "slack", "slack", "webhook",
                    "webhook")));
    var url = c.orElse("url", Kind.SECRET_ADDRESS, "");
    var mentionRole = c.optional("mention-role", Kind.TEXT);
    var secret = c.orElse("secret", SECRET, "");
    var to = c.list("to", MAIL_ADDRESS, List.of()).stream().filter(t -> !t.isEmpty()).toList();
    var updates =
        c.orElse("updates", UPDATES, kind.equals("webhook") ? Updates.ALL : Updates.STATES);
    onlyFor(c, kind, "url", Set.of("discord", "slack", "webhook"));
    onlyFor(c, kind, "mention-role", Set.of("discord"));
    onlyFor(c, kind, "secret", Set.of("webhook"));
    onlyFor(c, kind, "to", Set.of("email"));
    onlyFor(c, kind, "updates", Set.of("email", "slack", "webhook"));
    if (!url.isEmpty() && !hosts.isEmpty() && !isAllowed(URI.create(url).getHost(), hosts)) {
      c.fault("url", NOT_ALLOWED);
    }
    return switch (kind) {
      case "email" -> new Channel.Email(name, smtp, to, updates);
      case "slack" -> new Channel.Slack(name, url, updates);
      case "webhook" -> {
        if (!url.isEmpty() && secret.length() < SHORTEST_SECRET) {
          c.fault("secret", "expected at least %d characters".formatted(SHORTEST_SECRET));
        }
        yield new Channel.Webhook(name, url, secret, updates);
      }
      default -> new Channel.Discord(name, url, mentionRole);
    };
  }

  private static void onlyFor(Section c, String kind, String key, Set<String> kinds) {
    if (c.has(key) && !kinds.contains(kind)) {
      c.fault(key, "a channel of the kind " + kind + " has no '" + key + "'");
    }
  }

  private static boolean isAllowed(String name, List<String> hosts) {
    var host = name.toLowerCase(Locale.ROOT);
    return hosts.stream()
        .anyMatch(h -> h.startsWith("*.") ? host.endsWith(h.substring(1)) : host.equals(h));
  }

  private static Route route(Section r) {
    var one = r.referOptional("channel", NameSpace.CHANNEL);
    var several = r.referAll("channels", NameSpace.CHANNEL, List.of());
    if ((one == null) == several.isEmpty()) {
      r.fault(
          several.isEmpty() ? "channel" : "channels",
          "expected either 'channel' with one name or 'channels' with a list");
    }
    return new Route(
        one == null ? several : List.of(one),
        r.referAll("services", NameSpace.SERVICE, List.of()),
        r.referAll("environments", NameSpace.ENVIRONMENT, List.of()),
        r.list("severities", SEVERITY, List.of()),
        r.referAll("during", NameSpace.INTERVAL, List.of()),
        r.referAll("outside", NameSpace.INTERVAL, List.of()),
        r.orElse("continue", Kind.FLAG, true));
  }

  private static Interval interval(Section s) {
    var name = s.declare("name", NameSpace.INTERVAL);
    var stretches = s.sections("stretches", NotificationsSection::stretch);
    if (stretches.isEmpty()) {
      s.fault("stretches", "expected at least one, for example {from: \"08:00\", to: \"18:00\"}");
    }
    return new Interval(name, s.orElse("time-zone", ZONE, ZoneOffset.UTC), stretches);
  }

  private static Stretch stretch(Section s) {
    var days = s.list("days", DAY, List.of());
    var from = s.optional("from", TIME_OF_DAY);
    var to = s.optional("to", TIME_OF_DAY);
    if ((from == null) != (to == null)) {
      s.fault(from == null ? "from" : "to", "expected both 'from' and 'to', or neither");
    }
    return new Stretch(
        days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : EnumSet.copyOf(days), from, to);
  }
}
