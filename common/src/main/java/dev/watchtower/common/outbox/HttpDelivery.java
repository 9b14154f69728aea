package dev.watchtower.common.outbox;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/** Turns what happened to an HTTP call into an {@link Outcome}, the same for every peer. */
public final class HttpDelivery {
  private static final Duration MAX_WAIT = Duration.ofMinutes(10);
  private static final int MAX_BODY = 300;

  private HttpDelivery() {}

  /**
   * Makes the call, which throws for redirects too. No answer, 5xx, 401, 403, 408, 425 and 429 are
   * tried again ({@code Retry-After} in seconds is obeyed); so are redirects, and a 404 or 405 that
   * is no problem of ours: they are from a proxy before the peer, which is not there or elsewhere.
   * Any other 4xx is final.
   */
  public static Outcome attempt(Runnable call) {
    try {
      call.run();
      return Outcome.delivered();
    } catch (RestClientResponseException e) {
      return of(e);
    } catch (ResourceAccessException e) {
      return Outcome.unanswered("no answer: " + rootMessage(e));
    } catch (RestClientException e) {
      return Outcome.retry("the call failed: " + rootMessage(e));
    }
  }

  private static Outcome of(RestClientResponseException e) {
    int status = e.getStatusCode().value();
    var body = e.getResponseBodyAsString();
    var reason =
        "answered "
            + status
            + (status < 400 ? ", a redirect, which is not followed" : "")
            + (body.isBlank()
                ? ""
                : ": " + (body.length() > MAX_BODY ? body.substring(0, MAX_BODY) + "…" : body));
    boolean passing =
        status >= 500
            || status < 400
            || switch (status) {
              // 401 and 403 pass: keys and grants reach a peer a moment after they are made.
              case 401, 403, 408, 425, 429 -> true;
              case 404, 405 -> !isProblem(e.getResponseHeaders());
              default -> false;
            };
    if (!passing) {
      return Outcome.dead(reason);
    }
    return new Outcome.Retry(reason, retryAfter(e.getResponseHeaders()).orElse(null));
  }

  // Each answer of a fault of ours is one.
  private static boolean isProblem(@Nullable HttpHeaders headers) {
    var type = headers == null ? null : headers.getFirst(HttpHeaders.CONTENT_TYPE);
    return type != null && type.startsWith(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
  }

  private static Optional<Duration> retryAfter(@Nullable HttpHeaders headers) {
    var value = headers == null ? null : headers.getFirst(HttpHeaders.RETRY_AFTER);
    if (value == null || !value.matches("\\d{1,9}(\\.\\d{1,6})?")) {
      return Optional.empty();
    }
    var wait = Duration.ofMillis((long) (Double.parseDouble(value) * 1_000));
    return Optional.of(wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait);
  }

  private static String rootMessage(Throwable thrown) {
    var root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getClass().getSimpleName()
        + (root.getMessage() == null ? "" : ": " + root.getMessage());
  }
}
