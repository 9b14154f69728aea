package dev.watchtower.monitor.probe.http;

import dev.watchtower.common.problem.Texts;
import dev.watchtower.common.wire.SignalBounds;
import dev.watchtower.monitor.probe.Check;
import dev.watchtower.monitor.probe.ProbeResult;
import dev.watchtower.monitor.probe.Target;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Runs checks over the network, each within its time limit. Safe for use by several threads. */
public final class NetworkProber {
  private static final long MAX_BODY = 64 * 1024L;
  private static final int MAX_REASON = 200;

  private final JsonMapper json;
  private final Supplier<ProbeResult> self;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /**
   * A prober that reads health answers with {@code json}.
   *
   * @param self how this process itself does; must not wait
   */
  public NetworkProber(JsonMapper json, Supplier<ProbeResult> self) {
    this.json = json;
    this.self = self;
  }

  /**
   * Checks the target once.
   *
   * @throws InterruptedException if the thread is told to stop meanwhile
   */
  public ProbeResult check(Target target) throws InterruptedException {
    long from = System.nanoTime();
    return switch (target.check()) {
      case Check.Self() -> self.get();
      case Check.Tcp(String host, int port) -> tcp(host, port, target.timeout(), from);
      case Check.Http check -> http(check, target.timeout(), from);
    };
  }

  private static ProbeResult tcp(String host, int port, Duration timeout, long from) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), Math.toIntExact(timeout.toMillis()));
      return answered(from);
    } catch (IOException e) {
      return failed(reason(e, timeout));
    }
  }

  private ProbeResult http(Check.Http check, Duration timeout, long from)
      throws InterruptedException {
    var request =
        HttpRequest.newBuilder(check.url())
            .timeout(timeout)
            .header("User-Agent", "watchtower-probe")
            .GET()
            .build();
    // The body matters only when the status is wrong: it may say why.
    HttpResponse.BodyHandler<String> body =
        info ->
            info.statusCode() == check.expectStatus()
                ? BodySubscribers.replacing("")
                : BodySubscribers.limiting(
                    BodySubscribers.ofString(StandardCharsets.UTF_8), MAX_BODY);
    var answer = http.sendAsync(request, body);
    try {
      var response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return response.statusCode() == check.expectStatus()
          ? answered(from)
          : failed(wrongStatus(response));
    } catch (TimeoutException e) {
      return failed(noAnswer(timeout));
    } catch (ExecutionException e) {
      return failed(reason(e.getCause() == null ? e : e.getCause(), timeout));
    } finally {
      answer.cancel(true);
    }
  }

  /** {@code status 503: db is DOWN} where the answer is an actuator's; else the status alone. */
  private String wrongStatus(HttpResponse<String> response) {
    var text = "status " + response.statusCode();
    try {
      for (var component : json.readTree(response.body()).path("components").properties()) {
        var status = component.getValue().path("status").asString("");
        if (!status.isEmpty() && !status.equals("UP")) {
          return text + ": " + component.getKey() + " is " + status;
        }
      }
    } catch (JacksonException e) {
      return text;
    }
    return text;
  }

  private static ProbeResult answered(long from) {
    return new ProbeResult.Answered(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from));
  }

  // A part of it is what the other side says: it is stored, shown, and sent on.
  private static ProbeResult failed(String reason) {
    return new ProbeResult.Failed(SignalBounds.cut(Texts.madePlain(reason), MAX_REASON));
  }

  private static String noAnswer(Duration timeout) {
    return "no answer within " + timeout.toMillis() + " ms";
  }

  private static String reason(Throwable e, Duration timeout) {
    return switch (e) {
      case HttpTimeoutException _, SocketTimeoutException _ -> noAnswer(timeout);
      case ConnectException _ -> "connection refused";
      case UnknownHostException _ -> "unknown host";
      default ->
          e.getMessage() == null || e.getMessage().isBlank()
              ? e.getClass().getSimpleName()
              : e.getMessage().lines().findFirst().orElse("failed");
    };
  }
}
