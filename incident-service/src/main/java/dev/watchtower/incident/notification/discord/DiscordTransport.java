package dev.watchtower.incident.notification.discord;

import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.common.security.Digests;
import dev.watchtower.incident.notification.Answer;
import dev.watchtower.incident.notification.Letter;
import dev.watchtower.incident.notification.Notice;
import dev.watchtower.incident.notification.Notices.Card;
import dev.watchtower.incident.notification.Transport;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one card for each incident in a Discord channel: posted once, edited from then on. What
 * asks people to look is a message of its own.
 */
final class DiscordTransport implements Transport<Channel.Discord> {
  private static final String BUTTONS = "components";
  private static final int BAD_REQUEST = 400;
  private static final String WITHOUT_BUTTONS =
      "without its buttons: Discord refuses them (400); is the webhook made by the application?";

  private final DiscordWebhook webhook;
  private final BooleanSupplier withButtons;

  /**
   * A transport.
   *
   * @param withButtons whether an application is there to take what is pressed
   */
  DiscordTransport(DiscordWebhook webhook, BooleanSupplier withButtons) {
    this.webhook = webhook;
    this.withButtons = withButtons;
  }

  @Override
  public Class<Channel.Discord> type() {
    return Channel.Discord.class;
  }

  @Override
  public Answer send(Channel.Discord channel, Letter letter) {
    var notice = letter.notice();
    var role = channel.mentionRole();
    return switch (notice.kind()) {
      case OPENED, EDIT -> card(channel, letter, cardMessage(letter, role));
      case RESOLVED -> message(channel, notice, DiscordMessage.resolution(letter.card()));
      case ESCALATION -> message(channel, notice, escalationMessage(letter, role));
      case WORSE ->
          message(channel, notice, DiscordMessage.worse(letter.card(), notice.about(), role));
      case TEST -> message(channel, notice, testMessage(notice));
    };
  }

  private Map<String, Object> cardMessage(Letter letter, @Nullable String role) {
    var message = DiscordMessage.card(letter.card(), role);
    var incident = letter.notice().incident();
    if (incident != null && withButtons.getAsBoolean()) {
      message.put(BUTTONS, Buttons.of(incident, letter.card().state()));
    }
    return message;
  }

  private Map<String, Object> escalationMessage(Letter letter, @Nullable String role) {
    var message = DiscordMessage.escalation(letter.card(), letter.notice().about(), role);
    var incident = letter.notice().incident();
    if (incident != null && withButtons.getAsBoolean()) {
      message.put(BUTTONS, Buttons.acknowledge(incident));
    }
    return message;
  }

  private Map<String, Object> testMessage(Notice notice) {
    var message = DiscordMessage.test(notice.about());
    if (withButtons.getAsBoolean()) {
      message.put(BUTTONS, Buttons.trial());
    }
    return message;
  }

  private Answer card(Channel.Discord channel, Letter letter, Map<String, Object> message) {
    var shown = Digests.of(message.toString());
    if (letter.posted().isEmpty()) {
      return post(channel, letter.notice(), message, shown);
    }
    var posted = letter.posted().get();
    if (posted.shown().equals(shown)) {
      return new Answer.Sent(posted.messageId(), Optional.empty(), Duration.ZERO);
    }
    var done = send(message, m -> webhook.edit(channel.url(), posted.messageId(), m));
    return done.reply() instanceof DiscordReply.MessageGone
        // Somebody deleted the card: people want one again.
        ? post(channel, letter.notice(), message, shown)
        : answer(done, shown);
  }

  private Answer post(
      Channel.Discord channel, Notice notice, Map<String, Object> message, String shown) {
    var done = send(withNonce(message, notice), m -> webhook.post(channel.url(), m));
    // Discord may have kept what an earlier attempt said: whatever differs is to be edited.
    boolean isOlder = notice.mayHaveArrived() && !shown.isEmpty();
    return answer(done, isOlder ? Card.NOT_KNOWN : shown);
  }

  private Answer message(Channel.Discord channel, Notice notice, Map<String, Object> message) {
    return post(channel, notice, message, "");
  }

  /** What became of a call, and what had to be left out of the message. */
  private record Done(DiscordReply reply, String but) {}

  // A webhook that the application did not make takes messages, but none with buttons: people are
  // told all the same.
  private static Done send(
      Map<String, Object> message, Function<Map<String, Object>, DiscordReply> call) {
    var reply = call.apply(message);
    boolean refused =
        message.containsKey(BUTTONS)
            && reply instanceof DiscordReply.Refused r
            && r.status() == BAD_REQUEST;
    if (!refused) {
      return new Done(reply, "");
    }
    var without = new LinkedHashMap<>(message);
    without.remove(BUTTONS);
    return new Done(call.apply(without), WITHOUT_BUTTONS);
  }

  private static Answer answer(Done done, String shown) {
    return switch (done.reply()) {
      case DiscordReply.Done sent ->
          new Answer.Sent(
              sent.messageId(),
              shown.isEmpty() ? Optional.empty() : Optional.of(new Card(sent.messageId(), shown)),
              sent.pause(),
              done.but());
      case DiscordReply.Limited limited -> new Answer.Limited(limited.pause(), limited.global());
      case DiscordReply.MessageGone gone ->
          // A post cannot get this answer.
          new Answer.Refused("Discord does not know the message");
      case DiscordReply.WebhookGone gone -> gone.answer();
      case DiscordReply.Refused refused -> new Answer.Refused(refused.reason());
      case DiscordReply.Unavailable unavailable ->
          new Answer.Unavailable(
              unavailable.reason(), unavailable.mayHaveArrived(), unavailable.pause());
    };
  }

  // Where Discord honours it, a post that was taken before a time-out is not made twice.
  private static Map<String, Object> withNonce(Map<String, Object> message, Notice notice) {
    var post = new LinkedHashMap<>(message);
    post.put("nonce", notice.id().toString().replace("-", "").substring(0, 25));
    post.put("enforce_nonce", true);
    return post;
  }
}
