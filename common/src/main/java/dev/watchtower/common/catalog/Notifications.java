package dev.watchtower.common.catalog;

import dev.watchtower.common.wire.Severity;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code notifications}: where people are told of incidents, and of which. */
public record Notifications(
    List<Channel> channels,
    List<Route> routes,
    List<Interval> intervals,
    DiscordApplication discordApplication,
    @Nullable Heartbeat heartbeat) {
  public Notifications {
    channels = List.copyOf(channels);
    routes = List.copyOf(routes);
    intervals = List.copyOf(intervals);
  }

  /** Nobody is told of anything. */
  public static final Notifications NONE =
      new Notifications(
          List.of(), List.of(), List.of(), new DiscordApplication("", Map.of()), null);

  /** The channel of that name. */
  public Optional<Channel> channel(String name) {
    return channels.stream().filter(c -> c.name().equals(name)).findFirst();
  }

  /**
   * The channels that are told of an incident with these properties at {@code at}, in the catalog's
   * order. The routes are asked one after the other; one that takes the incident and does not
   * {@link Route#goesOn} is the last.
   */
  public List<Channel> channelsFor(String service, String env, Severity severity, Instant at) {
    var names = new LinkedHashSet<String>();
    for (var route : routes) {
      if (route.covers(service, env, severity) && isOpen(route, at)) {
        names.addAll(route.channels());
        if (!route.goesOn()) {
          break;
        }
      }
    }
    return channels.stream().filter(c -> names.contains(c.name())).toList();
  }

  private boolean isOpen(Route route, Instant at) {
    return (route.during().isEmpty() || isWithin(route.during(), at))
        && !isWithin(route.outside(), at);
  }

  private boolean isWithin(List<String> names, Instant at) {
    return intervals.stream().anyMatch(i -> names.contains(i.name()) && i.contains(at));
  }

  /** Which changes of an incident, besides its opening, escalation and end, a channel is told. */
  public enum Updates {
    /** None. */
    NONE,
    /** Another state or severity. */
    STATES,
    /** Everything that a card shows. */
    ALL
  }

  /** Where people are told. */
  public sealed interface Channel {
    /** Its name. */
    String name();

    /** Its kind, as in the catalog. */
    String kind();

    /**
     * Where it leads, a secret: a channel with another address is another one. Empty: it is not
     * configured.
     */
    String address();

    /**
     * All by which it lets us in, a secret: a channel that did not may do so once any of it is
     * another one.
     */
    default String access() {
      return address();
    }

    /** What it is told besides. */
    Updates updates();

    /** What to set where {@link #address} is empty. */
    String missing();

    /** Whether it leads anywhere. */
    default boolean isConfigured() {
      return !address().isEmpty();
    }

    /**
     * A Discord webhook.
     *
     * @param mentionRole id of the role to mention for SEV1 and SEV2, if any
     */
    record Discord(String name, String url, @Nullable String mentionRole) implements Channel {
      @Override
      public String kind() {
        return "discord";
      }

      @Override
      public String address() {
        return url;
      }

      @Override
      public Updates updates() {
        return Updates.ALL;
      }

      @Override
      public String missing() {
        return "set the channel's url in the catalog (DISCORD_WEBHOOK_URL)";
      }

      @Override
      public String toString() {
        return described(this);
      }
    }

    /** An incoming webhook as Slack has them; Mattermost and Rocket.Chat take the same. */
    record Slack(String name, String url, Updates updates) implements Channel {
      @Override
      public String kind() {
        return "slack";
      }

      @Override
      public String address() {
        return url;
      }

      @Override
      public String missing() {
        return "set the channel's url in the catalog";
      }

      @Override
      public String toString() {
        return described(this);
      }
    }

    /**
     * A webhook that takes CloudEvents.
     *
     * @param secret signs the requests
     */
    record Webhook(String name, String url, String secret, Updates updates) implements Channel {
      @Override
      public String access() {
        return url + "\n" + secret;
      }

      @Override
      public String kind() {
        return "webhook";
      }

      @Override
      public String address() {
        return url;
      }

      @Override
      public String missing() {
        return "set the channel's url in the catalog";
      }

      @Override
      public String toString() {
        return described(this);
      }
    }

    /** Mail to people. */
    record Email(String name, Smtp smtp, List<String> to, Updates updates) implements Channel {
      public Email {
        to = List.copyOf(to);
      }

      @Override
      public String kind() {
        return "email";
      }

      @Override
      public String address() {
        return smtp.host().isEmpty() || to.isEmpty()
            ? ""
            : "%s:%d %s %s".formatted(smtp.host(), smtp.port(), smtp.username(), to);
      }

      @Override
      public String access() {
        return String.join("\n", address(), smtp.password(), smtp.tls().name(), smtp.from());
      }

      @Override
      public String missing() {
        return smtp.host().isEmpty()
            ? "set notifications.smtp.host in the catalog"
            : "set the channel's to in the catalog";
      }

      @Override
      public String toString() {
        return described(this);
      }
    }

    /** Without the address, so that it is never logged. */
    private static String described(Channel channel) {
      return "Channel["
          + channel.name()
          + ", "
          + channel.kind()
          + (channel.isConfigured() ? "]" : ", not configured]");
    }
  }

  /**
   * The mail server.
   *
   * @param host empty: none
   * @param username empty: no login
   * @param from the sender's address
   */
  public record Smtp(
      String host, int port, String username, String password, Tls tls, String from) {
    /** How the connection is made safe. */
    public enum Tls {
      /** Not at all: for a server on the same machine. */
      NONE,
      /** The server has to offer STARTTLS. */
      STARTTLS,
      /** TLS from the first byte. */
      TLS
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "Smtp[" + host + ":" + port + ", " + tls + "]";
    }
  }

  /**
   * Which incidents go to which channels; empty lists match everything.
   *
   * @param during names of intervals, one of which it has to be
   * @param outside names of intervals, none of which it may be
   * @param goesOn whether the routes after it are asked too when it takes an incident
   */
  public record Route(
      List<String> channels,
      List<String> services,
      List<String> environments,
      List<Severity> severities,
      List<String> during,
      List<String> outside,
      boolean goesOn) {
    public Route {
      channels = List.copyOf(channels);
      services = List.copyOf(services);
      environments = List.copyOf(environments);
      severities = List.copyOf(severities);
      during = List.copyOf(during);
      outside = List.copyOf(outside);
    }

    /** Whether it is for an incident with these properties, whatever the time. */
    public boolean covers(String service, String env, Severity severity) {
      return (services.isEmpty() || services.contains(service))
          && (environments.isEmpty() || environments.contains(env))
          && (severities.isEmpty() || severities.contains(severity));
    }
  }

  /**
   * The Discord application that owns the webhooks, so that their messages can have buttons.
   *
   * @param publicKey 64 hexadecimal digits; empty: there is none
   * @param responders names of Watchtower's users by the ids of Discord's; they may use the buttons
   */
  public record DiscordApplication(String publicKey, Map<String, String> responders) {
    public DiscordApplication {
      responders = Map.copyOf(responders);
    }

    /** Whether there is one. */
    public boolean isConfigured() {
      return !publicKey.isEmpty();
    }
  }

  /**
   * A message that says, at regular times, that messages arrive.
   *
   * @param day on which day of the week; null: every day
   * @param at by the wall clock of the zone
   * @param channels who gets it; empty: all that are configured
   */
  public record Heartbeat(
      @Nullable DayOfWeek day, LocalTime at, ZoneId zone, List<String> channels) {
    public Heartbeat {
      channels = List.copyOf(channels);
    }

    /**
     * The latest time for one, not after {@code now}. A time that daylight saving skips is moved on
     * by the gap, one that comes twice is taken the first time.
     */
    public Instant latest(Instant now) {
      var date = now.atZone(zone).toLocalDate().plusDays(1);
      while (true) {
        var slot = date.atTime(at).atZone(zone).withEarlierOffsetAtOverlap().toInstant();
        if (!slot.isAfter(now) && (day == null || date.getDayOfWeek() == day)) {
          return slot;
        }
        date = date.minusDays(1);
      }
    }
  }

  /** Stretches of the week, by the wall clock of a zone; any one of them counts. */
  public record Interval(String name, ZoneId zone, List<Stretch> stretches) {
    public Interval {
      stretches = List.copyOf(stretches);
    }

    /**
     * Whether {@code at} lies within it. The wall clock decides: an hour that daylight saving skips
     * is in no interval, one that comes twice is in it both times.
     */
    public boolean contains(Instant at) {
      var local = at.atZone(zone);
      return stretches.stream()
          .anyMatch(s -> s.contains(local.getDayOfWeek(), local.toLocalTime()));
    }
  }

  /**
   * A stretch of a day.
   *
   * @param days the days on which it begins
   * @param from null together with {@code to}: the whole day
   * @param to the first time that is not within it; of the next day if it is not later than {@code
   *     from}
   */
  public record Stretch(Set<DayOfWeek> days, @Nullable LocalTime from, @Nullable LocalTime to) {
    public Stretch {
      days = Set.copyOf(days);
    }

    boolean contains(DayOfWeek day, LocalTime time) {
      if (from == null || to == null) {
        return days.contains(day);
      }
      if (from.isBefore(to)) {
        return days.contains(day) && !time.isBefore(from) && time.isBefore(to);
      }
      return (days.contains(day) && !time.isBefore(from))
          || (days.contains(day.minus(1)) && time.isBefore(to));
    }
  }
}
