package dev.watchtower.incident.notification.http;

import dev.watchtower.incident.notification.Answer;
import dev.watchtower.incident.notification.http.HttpSender.Reply;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the replies of plain webhooks mean. */
public final class Replies {
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
  private static final String RETRY_AFTER = "Retry-After";
  private static final Duration DEFAULT_WAIT = Duration.ofSeconds(2);

  private Replies() {}

  /**
   * The meaning of a reply.
   *
   * @param messageId id of the message, if it was taken
   */
  static Answer meaning(String who, Reply reply, String messageId) {
    return switch (reply) {
      case Reply.Failed failed -> new Answer.Unavailable(failed.reason(), failed.mayHaveArrived());
      case Reply.BadAddress bad -> notAnAddress();
      case Reply.Answered answered -> meaning(who, answered, messageId);
    };
  }

  private static Answer meaning(String who, Reply.Answered reply, String messageId) {
    int status = reply.status();
    if (status >= 200 && status < 300) {
      return new Answer.Sent(messageId, Optional.empty(), Duration.ZERO);
    }
    if (isGone(status)) {
      return gone(who, status);
    }
    return switch (status) {
      case 429 -> new Answer.Limited(limit(reply.headers()), false);
      default ->
          status >= 500 || status == 408 || status == 425
              ? new Answer.Unavailable(
                  who + " answered " + status,
                  isInDoubt(status),
                  retryAfter(reply.headers()).orElse(Duration.ZERO))
              : new Answer.Refused(who + " does not take the message: " + status);
    };
  }

  /**
   * Whether a message may have been taken though the answer is this status: what stands before a
   * receiver says so too when the receiver's own answer is lost. Only 503 says that it was not.
   */
  public static boolean isInDoubt(int status) {
    return status >= 500 && status != 503;
  }

  /** The channel's address is none. */
  public static Answer.ChannelGone notAnAddress() {
    return new Answer.ChannelGone("the channel's address is not a URL");
  }

  /** Whether no message will be taken at this address any more: it is gone, closed or elsewhere. */
  public static boolean isGone(int status) {
    return isRedirect(status) || status == 401 || status == 403 || status == 404 || status == 410;
  }

  /** The webhook does not let us in any more. */
  public static Answer.ChannelGone gone(String who, int status) {
    var why =
        isRedirect(status)
            ? "%s answered %d, a redirect, which is not followed; set the address where it leads"
            : "the webhook is gone: %s answered %d; make a new one and set its address";
    return new Answer.ChannelGone(why.formatted(who, status));
  }

  private static boolean isRedirect(int status) {
    return status >= 300 && status < 400;
  }

  /** How long a limit lasts by the header {@code Retry-After}; two seconds if it does not say. */
  public static Duration limit(HttpHeaders headers) {
    return retryAfter(headers).orElse(DEFAULT_WAIT);
  }

  /**
   * How long the header {@code Retry-After} says to wait: in seconds, or until a date, which counts
   * from the answer's own {@code Date}, since the receiver's clock may differ from ours. At most a
   * quarter of an hour; empty if it says nothing of use, such as a date that is over.
   */
  public static Optional<Duration> retryAfter(HttpHeaders headers) {
    var told = seconds(headers, RETRY_AFTER);
    if (told.isPresent()) {
      return Optional.of(seconds(told.getAsDouble()));
    }
    return date(headers, RETRY_AFTER)
        .flatMap(until -> date(headers, "Date").map(from -> Duration.between(from, until)))
        .filter(Duration::isPositive)
        .map(left -> seconds(left.toSeconds()));
  }

  private static Optional<Instant> date(HttpHeaders headers, String name) {
    try {
      return headers
          .firstValue(name)
          .map(text -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** A header that is a number of seconds. */
  public static OptionalDouble seconds(HttpHeaders headers, String name) {
    var value = headers.firstValue(name).orElse("");
    return value.matches("\\d{1,9}(\\.\\d{1,9})?")
        ? OptionalDouble.of(Double.parseDouble(value))
        : OptionalDouble.empty();
  }

  /** So many seconds, at most a quarter of an hour. */
  public static Duration seconds(double seconds) {
    double millis = Math.ceil(Math.max(0, seconds) * 1000);
    return millis < LONGEST_WAIT.toMillis() ? Duration.ofMillis((long) millis) : LONGEST_WAIT;
  }
}
