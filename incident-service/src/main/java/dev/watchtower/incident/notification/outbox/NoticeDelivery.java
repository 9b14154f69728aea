package dev.watchtower.incident.notification.outbox;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.common.outbox.OutboxHandler;
import dev.watchtower.common.outbox.OutboxMessage;
import dev.watchtower.common.outbox.Outcome;
import dev.watchtower.incident.notification.Answer;
import dev.watchtower.incident.notification.Letter;
import dev.watchtower.incident.notification.Notice;
import dev.watchtower.incident.notification.NoticeContent;
import dev.watchtower.incident.notification.Notices;
import dev.watchtower.incident.notification.Notices.Failure;
import dev.watchtower.incident.notification.Notices.Fault;
import dev.watchtower.incident.notification.Pauses;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Sends one notice to its channel. The outbox calls it for one notice of a channel after the other,
 * and again until the notice is settled; a settled notice is never sent again. Only between the
 * channel's answer and our commit can a crash make a message appear twice.
 */
final class NoticeDelivery implements OutboxHandler {
  static final String TOPIC = "notify";

  /** The payload of an outbox message. */
  record Ref(UUID notice) {}

  private final Notices notices;
  private final Transports transports;
  private final Pauses pauses;
  private final NoticeContent content;
  private final NoticeResults results;
  private final Supplier<Catalog> catalog;
  private final InstantSource clock;

  /** What a delivery works with. */
  record Parts(
      Notices notices,
      Transports transports,
      Pauses pauses,
      NoticeContent content,
      NoticeResults results) {}

  NoticeDelivery(Parts parts, Supplier<Catalog> catalog, InstantSource clock) {
    this.notices = parts.notices();
    this.transports = parts.transports();
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
    if (notice.state() == Notice.State.SENDING) {
      // An attempt that did not end, since its process did.
      notice = notice.inDoubt();
      doubtCard(notice);
    }
    var channel =
        catalog.get().notifications().channel(notice.channel()).filter(Channel::isConfigured);
    if (channel.isEmpty()) {
      results.skipped(notice, "the channel has no address any more");
      return Outcome.delivered();
    }
    var fault = notices.fault(notice.channel());
    if (fault.isPresent() && fault.get().isOf(channel.get())) {
      results.failedAgain(notice, fault.get().reason());
      return Outcome.delivered();
    }
    var overtaken = content.overtaken(notice);
    if (overtaken.isPresent()) {
      results.skipped(notice, overtaken.get());
      return Outcome.delivered();
    }
    var left = pauses.left(notice.channel(), channel.get().kind());
    return left.isPositive()
        ? later(notice, waitingReason(notice), Optional.empty(), left)
        : notices
            .begin(notice.id())
            // As it is now: what it tells can have been renewed since it was read.
            .map(begun -> send(begun, channel.get()))
            // A person dropped it just now.
            .orElseGet(Outcome::delivered);
  }

  // From its beginning on a further change asks for an edit of its own: this one may miss it.
  private Outcome send(Notice notice, Channel channel) {
    var incident = notice.incident();
    var posted =
        incident == null
            ? Optional.<Notices.Card>empty()
            : notices.card(incident, notice.channel());
    var letter = new Letter(notice, content.cardFor(notice), posted, clock.instant());
    return settle(notice, channel, transports.send(channel, letter));
  }

  private Outcome settle(Notice notice, Channel channel, Answer answer) {
    if (!(answer instanceof Answer.Unavailable)) {
      pauses.answered(channel.name());
    }
    return switch (answer) {
      case Answer.Sent sent -> {
        pauses.pause(channel.name(), sent.pause());
        results.sent(notice, sent);
        yield Outcome.delivered();
      }
      case Answer.Limited limited -> {
        if (limited.everywhere()) {
          pauses.pauseKind(channel.kind(), limited.pause());
        } else {
          pauses.pause(channel.name(), limited.pause());
        }
        yield failedNow(notice, new Failure("the channel's rate limit", false), limited.pause());
      }
      case Answer.Unavailable unavailable ->
          failedNow(
              notice,
              new Failure(unavailable.reason(), unavailable.mayHaveArrived()),
              pauses.failed(channel.name(), unavailable.pause()));
      case Answer.Refused refused -> {
        results.failed(notice, refused.reason());
        yield Outcome.delivered();
      }
      case Answer.ChannelGone gone -> {
        var fault = Fault.of(channel, gone.reason(), clock.instant());
        notices.mark(channel.name(), fault);
        results.failed(notice, gone.reason());
        yield Outcome.delivered();
      }
    };
  }

  private Outcome failedNow(Notice notice, Failure failure, Duration wait) {
    if (failure.mayHaveArrived()) {
      doubtCard(notice);
    }
    return later(notice, failure.reason(), Optional.of(failure), wait);
  }

  // Also the edits that follow are not to take for shown what an earlier one showed.
  private void doubtCard(Notice notice) {
    var incident = notice.incident();
    if (incident != null) {
      notices.doubt(incident, notice.channel());
    }
  }

  private Outcome later(Notice notice, String why, Optional<Failure> failure, Duration wait) {
    if (notices.wait(notice.id(), why, failure, clock.instant().plus(wait))) {
      return Outcome.retry(why, wait);
    }
    results.skipped(notice, "a later one that waits says it");
    return Outcome.delivered();
  }

  // Notices behind a failed one wait for the same reason as that one, which is told there.
  private static String waitingReason(Notice notice) {
    return notice.why() == null ? "waits until the channel may be called again" : notice.why();
  }
}
