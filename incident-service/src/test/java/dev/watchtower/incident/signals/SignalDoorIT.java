package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.security.Claims;
import dev.watchtower.common.security.KeyFiles;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.security.TokenIssuer;
import dev.watchtower.common.wire.SignalStatus;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.context.support.ServletRequestHandledEvent;

/** A signal is answered alike whichever way it goes. */
class SignalDoorIT extends BothWays {
  @Autowired private ConfigurableApplicationContext context;

  @Test
  void bothWaysAnswerAlike() throws IOException, InterruptedException {
    var service = freshService();
    var first = signal(service, "rule", SignalStatus.FIRING);
    var second = signal(service, "rule2", SignalStatus.FIRING);
    var opened = send(SHORT, first);
    var joined = send(LONG, second);
    var shortly = send(SHORT, second);
    var atLength = send(LONG, first);

    assertThat(opened.statusCode()).isEqualTo(202);
    assertThat(joined.statusCode()).isEqualTo(202);
    assertThat(JSON.readTree(opened.body()).path("effect").asString()).isEqualTo("OPENED");
    assertThat(JSON.readTree(joined.body()).path("effect").asString()).isEqualTo("JOINED");
    assertThat(shortly.statusCode()).isEqualTo(atLength.statusCode()).isEqualTo(200);
    assertThat(shortly.body().replace(second.id().toString(), first.id().toString()))
        .isEqualTo(atLength.body());
    assertThat(headers(shortly)).isEqualTo(headers(atLength));
  }

  @Test
  void bothWaysRefuseAlike() throws IOException, InterruptedException {
    for (var body : List.of("", "{nope", "null", "{}", "[]", "{\"id\":7}")) {
      var shortly = send(SHORT, BodyPublishers.ofString(body), Scope.RESPOND);
      var atLength = send(LONG, BodyPublishers.ofString(body), Scope.RESPOND);

      assertThat(shortly.statusCode()).isEqualTo(400).isEqualTo(atLength.statusCode());
      assertThat(JSON.readTree(shortly.body()).path("detail"))
          .isEqualTo(JSON.readTree(atLength.body()).path("detail"));
      assertThat(JSON.readTree(shortly.body()).path("errors"))
          .isEqualTo(JSON.readTree(atLength.body()).path("errors"));
    }
    var good = JSON.writeValueAsString(signal(freshService(), "rule", SignalStatus.FIRING));
    assertThat(send(SHORT, BodyPublishers.ofString(good), Scope.READ).statusCode()).isEqualTo(403);
  }

  @Test
  void aBodyOfUnknownLengthIsTakenAsWell() throws IOException, InterruptedException {
    var bytes = JSON.writeValueAsBytes(signal(freshService(), "rule", SignalStatus.FIRING));
    var answer =
        send(SHORT, BodyPublishers.ofByteArrays(List.of(bytes)), Scope.RESPOND, Scope.READ);

    assertThat(answer.statusCode()).isEqualTo(202);
  }

  @Test
  void bothWaysAreMeasuredUnderTheirPath() throws IOException, InterruptedException {
    double before = measured("202");
    send(SHORT, signal(freshService(), "rule", SignalStatus.FIRING));
    send(LONG, signal(freshService(), "rule", SignalStatus.FIRING));

    assertThat(measured("202")).isEqualTo(before + 2);
  }

  /** How many requests for signals the dispatcher handles, with one on the long way as the last. */
  private int dispatched(Sending others) throws IOException, InterruptedException {
    var handled = new AtomicInteger();
    ApplicationListener<ServletRequestHandledEvent> count =
        event -> handled.addAndGet(event.getRequestUrl().equals("/api/v1/signals") ? 1 : 0);
    context.addApplicationListener(count);
    try {
      others.send();
      int before = handled.get();
      send(LONG, signal(freshService(), "rule", SignalStatus.FIRING));
      await().until(() -> handled.get() > before);
      return handled.get() - 1;
    } finally {
      context.removeApplicationListener(count);
    }
  }

  @Test
  void aPlainSignalPassesNoDispatcher() throws IOException, InterruptedException {
    assertThat(
            dispatched(() -> {
              for (var accept :
                  List.of(new String[0], new String[] {"*/*"}, new String[] {SHORT})) {
                var signal = signal(freshService(), "rule", SignalStatus.FIRING);
                assertThat(send(SHORT, body(signal), token(), accept).statusCode()).isEqualTo(202);
              }
            }))
        .isZero();
  }

  @Test
  void whoeverWantsAnotherAnswerIsToldAsOnTheLongWay() throws IOException, InterruptedException {
    for (var accept : List.of("text/plain", "application/jsonp", "text/plain, application/jsonp")) {
      var shortly =
          send(SHORT, body(signal(freshService(), "r", SignalStatus.FIRING)), token(), accept);
      assertThat(shortly.statusCode()).isEqualTo(406);
      assertAlike(
          shortly,
          send(LONG, body(signal(freshService(), "r", SignalStatus.FIRING)), token(), accept));
    }
    var signal = signal(freshService(), "rule", SignalStatus.FIRING);
    assertThat(dispatched(() -> send(SHORT, body(signal), token(), SHORT, "*/*"))).isOne();
  }

  @Test
  void aTokenThatIsNotGoodOpensNoDoor() throws IOException, InterruptedException {
    var now = CLOCK.instant();
    var scopes = Set.of(Scope.RESPOND);
    var revoked = new Claims("monitor", REVOKED, "user:ann", scopes, "*", now, now.plusSeconds(60));
    var key = new KeyFiles(KEYS.dataDir().resolve("keys")).privateKey("monitor");
    var old = now.minus(Duration.ofHours(3));
    var tokens =
        Map.of(
            "the token was revoked",
            new TokenIssuer("monitor", key).sign(revoked),
            "the token has expired",
            KEYS.token("monitor", "user:ann", "*", old, Scope.RESPOND),
            "the token is for another service",
            KEYS.token("monitor", "user:ann", "ingest", now, Scope.RESPOND));
    for (var token : tokens.entrySet()) {
      var signal = body(signal(freshService(), "rule", SignalStatus.FIRING));
      var shortly = send(SHORT, signal, token.getValue());

      assertThat(shortly.statusCode()).isEqualTo(401);
      assertThat(problem(shortly).get("detail")).hasToString("\"" + token.getKey() + "\"");
      assertAlike(shortly, send(LONG, signal, token.getValue()));
    }
  }
}
