package dev.watchtower.incident.notification.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;

/**
 * Calls the addresses of channels. They are credentials: none is logged, and no exception that
 * could carry one leaves this class. Redirects are not followed: the catalog says whom we talk to.
 * A call ends within {@link #LONGEST}, however slowly it is answered. Thread-safe.
 */
public final class HttpSender {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration HEADERS = Duration.ofSeconds(10);
  private static final Duration BODY = Duration.ofSeconds(3);

  /** The longest a call can take. */
  public static final Duration LONGEST = CONNECT.plus(HEADERS).plus(BODY);

  private static final int MOST_BYTES = 64 * 1024;

  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** What came of a call. */
  public sealed interface Reply {
    /**
     * An answer: its status has come, and tells what those go by who need no more.
     *
     * @param body its first 64 KiB; empty if it broke off, or did not come in time
     * @param broken whether that is so: what the answer says is not known then
     */
    record Answered(int status, HttpHeaders headers, String body, boolean broken)
        implements Reply {}

    /**
     * None.
     *
     * @param reason for people
     * @param mayHaveArrived whether the receiver may have got what was sent
     */
    record Failed(String reason, boolean mayHaveArrived) implements Reply {}

    /** The address is none. */
    record BadAddress() implements Reply {}
  }

  /**
   * Makes one call.
   *
   * @param who is called, for reasons such as 'Discord cannot be reached'
   * @param body empty for none
   */
  public Reply send(
      String who, String method, String url, Map<String, String> headers, String body) {
    HttpRequest request;
    try {
      var builder =
          HttpRequest.newBuilder(URI.create(url))
              .timeout(HEADERS)
              .header("User-Agent", "Watchtower/0.1")
              .method(
                  method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
      headers.forEach(builder::header);
      request = builder.build();
    } catch (IllegalArgumentException e) {
      // The message would show the address.
      return new Reply.BadAddress();
    }
    try {
      var response = http.send(request, BodyHandlers.ofInputStream());
      var came = beginningOf(response.body());
      return new Reply.Answered(
          response.statusCode(), response.headers(), came.orElse(""), came.isEmpty());
    } catch (HttpConnectTimeoutException | ConnectException e) {
      return new Reply.Failed(who + " cannot be reached", false);
    } catch (SSLHandshakeException e) {
      // Before a word of the message.
      return new Reply.Failed(
          "no TLS connection to %s: its certificate or protocol will not do".formatted(who), false);
    } catch (HttpTimeoutException e) {
      return new Reply.Failed(who + " did not answer in time", true);
    } catch (IOException e) {
      return new Reply.Failed("the connection to " + who + " broke", true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Reply.Failed("the service is stopping", true);
    }
  }

  // The client limits the time to the headers only. Empty if the body broke off.
  private static Optional<String> beginningOf(InputStream body) {
    var tooLate =
        CompletableFuture.runAsync(
            () -> close(body),
            CompletableFuture.delayedExecutor(BODY.toMillis(), TimeUnit.MILLISECONDS));
    try {
      return Optional.of(new String(body.readNBytes(MOST_BYTES), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    } finally {
      var unused = tooLate.cancel(false);
      close(body);
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      // Nothing more is read from it in any case.
      return;
    }
  }
}
