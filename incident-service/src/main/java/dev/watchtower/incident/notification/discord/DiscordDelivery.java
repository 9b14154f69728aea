package dev.watchtower.incident.notification.discord;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.outbox.OutboxHandler;
import dev.watchtower.common.outbox.OutboxMessage;
import dev.watchtower.common.outbox.Outcome;
import dev.watchtower.incident.notification.Notice;
import dev.watchtower.incident.notification.Notices;
import dev.watchtower.incident.notification.Notices.Card;
import dev.watchtower.incident.notification.Notices.Fault;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Sends one notice to its Discord channel. The outbox calls it for one notice of a channel after
 * the other, and again until the notice is settled; a settled notice is never sent again. Only
 * between Discord's answer and our commit can a crash make a message appear twice.
 */
final class DiscordDelivery implements OutboxHandler {
  static final String TOPIC = "notify.discord";

  /** The payload of an outbox message. */
  record Ref(UUID notice) {}

  private final Notices notices;
  private final DiscordWebhook webhook;
  private final Pauses pauses;
  private final NoticeContent content;
  private final NoticeResults results;
  private final Supplier<Catalog> catalog;
  private final InstantSource clock;

  /** What a delivery works with. */
  record Parts(
      Notices notices,
      DiscordWebhook webhook,
      Pauses pauses,
      NoticeContent content,
      NoticeResults results) {}

  DiscordDelivery(Parts parts, Supplier<Catalog> catalog, InstantSource clock) {
    this.notices = parts.notices();
    this.webhook = parts.webhook();
    this.pauses = parts.pauses();
    this.content = parts.content();
    this.results = parts.results();
    this.catalog = catalog;
    this.clock = clock;
  }

  @Override
  public String topic() {
    return TOPIC;
  }

  @Override
  public Outcome deliver(OutboxMessage message) {
    var found = notices.find(message.payload(Ref.class).notice());
    if (found.isEmpty() || found.get().state().isFinal()) {
      return Outcome.delivered();
    }
    var notice = found.get();
    var channel =
        catalog.get().channels().stream()
            .filter(c -> c.name().equals(notice.channel()) && !c.url().isEmpty())
            .findFirst();
    if (channel.isEmpty()) {
      results.skipped(notice, "the channel has no address any more");
      return Outcome.delivered();
    }
    var fault = notices.fault(notice.channel());
    if (fault.isPresent() && fault.get().address().equals(Digests.of(channel.get().url()))) {
      results.failedAgain(notice, fault.get().reason());
      return Outcome.delivered();
    }
    if (content.isOvertaken(notice)) {
      results.skipped(notice, "it is over already");
      return Outcome.delivered();
    }
    var left = pauses.left(notice.channel());
    return left.isPositive()
        ? later(notice, waitingReason(notice), left)
        : send(notice, channel.get());
  }

  private Outcome send(Notice notice, Catalog.Channel channel) {
    // From here on a further change asks for an edit of its own: this one may miss it.
    notices.begin(notice.id());
    var message = content.messageFor(notice, channel);
    if (notice.kind() == Notice.Kind.RESOLVED || notice.kind() == Notice.Kind.ESCALATION) {
      return settle(notice, channel, webhook.post(channel.url(), withNonce(message, notice)), "");
    }
    var shown = Digests.of(message.toString());
    var card = notices.card(notice.incident(), notice.channel());
    if (card.isPresent() && card.get().shown().equals(shown)) {
      results.sent(notice, card.get().messageId(), Optional.empty());
      return Outcome.delivered();
    }
    var answer =
        card.isPresent()
            ? webhook.edit(channel.url(), card.get().messageId(), message)
            : webhook.post(channel.url(), withNonce(message, notice));
    if (answer instanceof DiscordAnswer.MessageGone) {
      // Somebody deleted the card: people want one again.
      notices.forgetCard(notice.incident(), notice.channel());
      answer = webhook.post(channel.url(), withNonce(message, notice));
    }
    return settle(notice, channel, answer, shown);
  }

  private Outcome settle(
      Notice notice, Catalog.Channel channel, DiscordAnswer answer, String shown) {
    if (!(answer instanceof DiscordAnswer.Unavailable)) {
      pauses.answered(channel.name());
    }
    return switch (answer) {
      case DiscordAnswer.Sent sent -> {
        pauses.pause(channel.name(), sent.pause());
        results.sent(
            notice,
            sent.messageId(),
            shown.isEmpty() ? Optional.empty() : Optional.of(new Card(sent.messageId(), shown)));
        yield Outcome.delivered();
      }
      case DiscordAnswer.Limited limited -> {
        if (limited.global()) {
          pauses.pauseAll(limited.pause());
        } else {
          pauses.pause(channel.name(), limited.pause());
        }
        yield later(notice, "Discord's rate limit", limited.pause());
      }
      case DiscordAnswer.Unavailable unavailable -> {
        yield later(notice, unavailable.reason(), pauses.failed(channel.name()));
      }
      case DiscordAnswer.Refused refused -> {
        results.failed(notice, "Discord does not take the message: " + refused.status());
        yield Outcome.delivered();
      }
      case DiscordAnswer.MessageGone gone -> {
        // A post cannot get this answer.
        results.failed(notice, "Discord does not know the message");
        yield Outcome.delivered();
      }
      case DiscordAnswer.WebhookGone gone -> {
        var reason =
            gone.status() == 0
                ? "the channel's address is not a URL"
                : "the webhook is gone: Discord answered %d; make a new one and set its address"
                    .formatted(gone.status());
        notices.mark(channel.name(), new Fault(Digests.of(channel.url()), reason, clock.instant()));
        results.failed(notice, reason);
        yield Outcome.delivered();
      }
    };
  }

  private Outcome later(Notice notice, String why, Duration wait) {
    return notices.wait(notice.id(), why, clock.instant().plus(wait))
        ? Outcome.retry(why, wait)
        : overtaken(notice);
  }

  // Notices behind a failed one wait for the same reason as that one, which is told there.
  private static String waitingReason(Notice notice) {
    return notice.why() == null ? "waits until Discord may be called again" : notice.why();
  }

  private Outcome overtaken(Notice notice) {
    results.skipped(notice, "a later edit shows it");
    return Outcome.delivered();
  }

  // Where Discord honours it, a post that was taken before a time-out is not made twice.
  private static Map<String, Object> withNonce(Map<String, Object> message, Notice notice) {
    var post = new LinkedHashMap<>(message);
    post.put("nonce", notice.id().toString().replace("-", "").substring(0, 25));
    post.put("enforce_nonce", true);
    return post;
  }
}
