package dev.watchtower.incident.notification.outbox;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.catalog.Notifications.Channel;
import dev.watchtower.incident.lifecycle.Transactions;
import dev.watchtower.incident.notification.Answer;
import dev.watchtower.incident.notification.ChannelTester;
import dev.watchtower.incident.notification.Letter;
import dev.watchtower.incident.notification.Notice;
import dev.watchtower.incident.notification.Notices;
import dev.watchtower.incident.notification.Notices.Fault;
import dev.watchtower.incident.notification.Pauses;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Sends test messages by the transports themselves and records how it went. */
final class DirectTester implements ChannelTester {
  private final Notices notices;
  private final Transports transports;
  private final Pauses pauses;
  private final Transactions transactions;
  private final Supplier<Catalog> catalog;
  private final InstantSource clock;

  DirectTester(
      Notices notices,
      Transports transports,
      Pauses pauses,
      Transactions transactions,
      Supplier<Catalog> catalog,
      InstantSource clock) {
    this.notices = notices;
    this.transports = transports;
    this.pauses = pauses;
    this.transactions = transactions;
    this.catalog = catalog;
    this.clock = clock;
  }

  @Override
  public Result test(UUID id, String name, String by) {
    var found = catalog.get().notifications().channel(name);
    if (found.isEmpty()) {
      return new Result.Unknown();
    }
    var channel = found.get();
    var begun = clock.instant();
    var notice = Notice.test(id, name, "a test, asked for by " + by, begun);
    var left = pauses.left(name, channel.kind());
    if (!channel.isConfigured()) {
      return record(
          notice, Notice.State.SKIPPED, "the channel has no address: " + channel.missing(), begun);
    }
    if (left.isPositive()) {
      return record(
          notice,
          Notice.State.FAILED,
          "the channel may not be called for another %d s; try again then"
              .formatted(left.toSeconds() + 1),
          begun);
    }
    var answer =
        transports.send(channel, new Letter(notice, Optional.empty(), Optional.empty(), begun));
    return settle(notice, channel, answer, clock.instant());
  }

  private Result settle(Notice notice, Channel channel, Answer answer, Instant now) {
    return switch (answer) {
      case Answer.Sent sent -> {
        pauses.pause(channel.name(), sent.pause());
        yield transactions.retrying(() -> {
          notices.unmark(channel.name());
          var but = sent.but().isEmpty() ? null : sent.but();
          return record(notice.settled(Notice.State.SENT, but, sent.messageId(), now));
        });
      }
      case Answer.Limited limited -> {
        pauses.pause(channel.name(), limited.pause());
        yield record(notice, Notice.State.FAILED, "the channel's rate limit; try again", now);
      }
      case Answer.ChannelGone gone ->
          transactions.retrying(() -> {
            notices.mark(channel.name(), Fault.of(channel, gone.reason(), now));
            return record(notice, Notice.State.FAILED, gone.reason(), now);
          });
      case Answer.Refused refused -> record(notice, Notice.State.FAILED, refused.reason(), now);
      case Answer.Unavailable unavailable -> {
        pauses.pause(channel.name(), unavailable.pause());
        yield record(notice, Notice.State.FAILED, unavailable.reason(), now);
      }
    };
  }

  private Result record(Notice notice, Notice.State state, String why, Instant now) {
    return record(notice.settled(state, why, null, now));
  }

  private Result record(Notice notice) {
    notices.record(notice);
    return new Result.Tried(notices.find(notice.id()).orElse(notice));
  }
}
