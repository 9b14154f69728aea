package dev.watchtower.incident.notification.discord;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.lifecycle.IncidentBook;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.notification.Dispatch;
import dev.watchtower.incident.notification.Notice;
import dev.watchtower.incident.notification.NoticePlan.Planned;
import dev.watchtower.incident.notification.Notices;
import dev.watchtower.incident.notification.Notices.Fault;
import dev.watchtower.incident.notification.Notices.Place;
import dev.watchtower.incident.notification.Pauses;
import dev.watchtower.incident.timeline.Draft;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Looks, now and then, whether the cards of incidents that last are still in Discord; one that is
 * not is posted again. Before an edit nobody need look: the edit's own answer tells.
 */
final class CardWatch {
  /** How long a card counts as seen after it was posted, edited or looked at. */
  static final Duration SEEN_FOR = Duration.ofMinutes(15);

  private static final int MOST_AT_ONCE = 2;

  private final Notices notices;
  private final Dispatch dispatch;
  private final IncidentBook book;
  private final Transactions transactions;
  private final DiscordWebhook webhook;
  private final Pauses pauses;
  private final Supplier<Catalog> catalog;

  /** What a watch works with. */
  record Parts(
      Notices notices,
      Dispatch dispatch,
      IncidentBook book,
      Transactions transactions,
      DiscordWebhook webhook,
      Pauses pauses) {}

  CardWatch(Parts parts, Supplier<Catalog> catalog) {
    this.notices = parts.notices();
    this.dispatch = parts.dispatch();
    this.book = parts.book();
    this.transactions = parts.transactions();
    this.webhook = parts.webhook();
    this.pauses = parts.pauses();
    this.catalog = catalog;
  }

  /** Looks at a few cards that nobody has seen for long. */
  void look(Instant now) {
    var channels =
        catalog.get().notifications().channels().stream()
            .filter(Channel.Discord.class::isInstance)
            .map(Channel.Discord.class::cast)
            .filter(c -> c.isConfigured() && !isBroken(c))
            .filter(c -> pauses.left(c.name(), c.kind()).isZero())
            .collect(Collectors.toMap(Channel::name, Function.identity()));
    if (channels.isEmpty()) {
      return;
    }
    var claimed =
        transactions.once(
            () -> notices.claimUnseen(channels.keySet(), now.minus(SEEN_FOR), now, MOST_AT_ONCE));
    for (var place : claimed) {
      var channel = channels.get(place.channel());
      if (channel != null) {
        look(place, channel, now);
      }
    }
  }

  private boolean isBroken(Channel.Discord channel) {
    return notices.fault(channel.name()).filter(fault -> fault.isOf(channel)).isPresent();
  }

  private void look(Place place, Channel.Discord channel, Instant now) {
    switch (webhook.read(channel.url(), place.messageId())) {
      case DiscordReply.Done done -> pauses.pause(channel.name(), done.pause());
      case DiscordReply.Limited limited -> {
        if (limited.global()) {
          pauses.pauseKind(channel.kind(), limited.pause());
        } else {
          pauses.pause(channel.name(), limited.pause());
        }
      }
      case DiscordReply.MessageGone gone ->
          transactions.retrying(() -> {
            postAgain(place, now);
            return true;
          });
      case DiscordReply.WebhookGone gone -> {
        var fault = Fault.of(channel, gone.answer().reason(), now);
        transactions.retrying(() -> {
          notices.mark(channel.name(), fault);
          return true;
        });
      }
      // Nothing about the channel is known by that; the card is looked for again later.
      case DiscordReply.Refused refused -> {}
      case DiscordReply.Unavailable unavailable -> {}
    }
  }

  private void postAgain(Place place, Instant now) {
    var incident = book.incidents().lock(place.incident());
    if (incident.isEmpty() || incident.get().isResolved() || !notices.forget(place)) {
      return;
    }
    var planned = new Planned(place.channel(), Notice.Kind.EDIT, "the card had vanished", null);
    notices
        .add(place.incident(), planned, now)
        .ifPresent(id -> dispatch.deliver(place.channel(), id));
    book.note(
        place.incident(),
        new Draft(
            now,
            TimelineKind.NOTIFICATION,
            Actor.service("incident"),
            "The card had vanished from %s; it is posted again".formatted(place.channel()),
            Map.of("channel", place.channel(), "result", "VANISHED")));
  }
}
