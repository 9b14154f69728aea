package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.watchtower.common.security.Claims;
import dev.watchtower.common.security.KeyFiles;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.security.TokenIssuer;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import dev.watchtower.incident.lifecycle.Transactions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.context.support.ServletRequestHandledEvent;
import tools.jackson.databind.json.JsonMapper;

/**
 * A signal is answered alike whichever way it goes; a parameter of its content type sends it the
 * long way, through the security chain and the controllers.
 */
class SignalDoorIT extends RunningService {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SHORT = "application/json";
  private static final String LONG = "application/json;charset=utf-8";

  @Autowired private ConfigurableApplicationContext context;
  @Autowired private SignalDesk desk;
  @Autowired private Transactions transactions;

  private HttpResponse<String> send(String type, BodyPublisher body, String token, String... accept)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/signals"))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", type)
            .POST(body);
    for (var one : accept) {
      request.header("Accept", one);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String type, BodyPublisher body, Scope... scopes)
      throws IOException, InterruptedException {
    return send(type, body, KEYS.token("monitor", "user:ann", "*", CLOCK.instant(), scopes));
  }

  private HttpResponse<String> send(String type, Signal signal)
      throws IOException, InterruptedException {
    return send(type, body(signal), Scope.RESPOND);
  }

  private static BodyPublisher body(Signal signal) {
    return BodyPublishers.ofString(JSON.writeValueAsString(signal));
  }

  private static Map<String, Object> problem(HttpResponse<String> answer) {
    var members = new TreeMap<String, Object>();
    JSON.readTree(answer.body()).properties().forEach(e -> members.put(e.getKey(), e.getValue()));
    assertThat(members).containsKey("traceId");
    members.remove("traceId");
    return members;
  }

  private static void assertAlike(HttpResponse<String> shortly, HttpResponse<String> atLength) {
    assertThat(shortly.statusCode()).isEqualTo(atLength.statusCode());
    assertThat(problem(shortly)).isEqualTo(problem(atLength));
    assertThat(headers(shortly)).isEqualTo(headers(atLength));
  }

  private static Map<String, List<String>> headers(HttpResponse<String> answer) {
    var headers = new HashMap<>(answer.headers().map());
    headers.remove("date");
    return headers;
  }

  private double measured(String status) {
    return responder()
        .text("/metrics", "text/plain")
        .body()
        .lines()
        .filter(line -> line.startsWith("http_server_requests_seconds_count"))
        .filter(line -> line.contains("uri=\"/api/v1/signals\""))
        .filter(line -> line.contains("status=\"" + status + "\""))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

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

  /** What is sent. */
  private interface Sending {
    void send() throws IOException, InterruptedException;
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

  private static String token() {
    return KEYS.token("monitor", "user:ann", "*", CLOCK.instant(), Scope.RESPOND);
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

  @Test
  void bothWaysAreLoggedWithTheirUserAndPath() throws IOException, InterruptedException {
    refusing("away", "53300");
    var lines =
        logged(() -> {
          for (var type : List.of(SHORT, LONG)) {
            send(type, signal(freshService(), "rule", SignalStatus.FIRING));
            send(type, signal(freshService(), "away", SignalStatus.FIRING));
          }
        });

    assertThat(lines)
        .containsExactly(
            "/api/v1/signals 202 user:ann",
            "/api/v1/signals 503 user:ann",
            "/api/v1/signals 202 user:ann",
            "/api/v1/signals 503 user:ann");
  }

  private static List<String> logged(Sending sending) throws IOException, InterruptedException {
    var logger = (Logger) LoggerFactory.getLogger("dev.watchtower.request");
    var events = new CopyOnWriteArrayList<ILoggingEvent>();
    var appender =
        new AppenderBase<ILoggingEvent>() {
          @Override
          protected void append(ILoggingEvent event) {
            events.add(event);
          }
        };
    appender.start();
    logger.addAppender(appender);
    try {
      sending.send();
      // The line is written once the answer is on its way.
      await().until(() -> lines(events).size() >= 4);
      return lines(events);
    } finally {
      logger.detachAppender(appender);
    }
  }

  private static List<String> lines(List<ILoggingEvent> events) {
    return events.stream()
        .map(event ->
            event.getKeyValuePairs().stream()
                .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value))))
        .filter(line -> "POST".equals(line.get("method")))
        .map(line -> "%s %s %s".formatted(line.get("path"), line.get("status"), line.get("user")))
        .toList();
  }

  /** Has the store refuse signals of a rule, and count how often that is tried. */
  private void refusing(String rule, String code) {
    jdbc.sql("create sequence tries").update();
    jdbc.sql(
            """
            create or replace function refuse_at_door() returns trigger language plpgsql as $$
            begin
              if new.rule = '%s' then
                perform nextval('tries');
                raise exception 'refused' using errcode = '%s';
              end if;
              return new;
            end $$
            """
                .formatted(rule, code))
        .update();
    jdbc.sql(
            """
            create trigger at_door before insert on signal
              for each row execute function refuse_at_door()
            """)
        .update();
  }

  @AfterEach
  void letIn() {
    jdbc.sql("drop trigger if exists at_door on signal").update();
    jdbc.sql("drop sequence if exists tries").update();
  }

  private long tries() {
    return jdbc.sql("select case when is_called then last_value else 0 end from tries")
        .query(Long.class)
        .single();
  }

  private long audited() {
    return jdbc.sql(
            """
            select count(*) from audit_entry
            where action = 'POST /api/v1/signals' and outcome = '500' and actor = 'user:ann'
            """)
        .query(Long.class)
        .single();
  }

  @Test
  void anOutageIsToldAlikeAndMeasuredAndNotTriedTwice() throws IOException, InterruptedException {
    double before = measured("503");
    refusing("away", "53300");

    var shortly = send(SHORT, signal(freshService(), "away", SignalStatus.FIRING));

    assertThat(shortly.statusCode()).isEqualTo(503);
    assertThat(tries()).isOne();
    assertAlike(shortly, send(LONG, signal(freshService(), "away", SignalStatus.FIRING)));
    await().until(() -> measured("503") == before + 2);
  }

  @Test
  void anyOtherFailureIsToldAndAuditedAlikeAndNotTriedTwice()
      throws IOException, InterruptedException {
    long before = audited();
    refusing("poison", "P0001");

    var shortly = send(SHORT, signal(freshService(), "poison", SignalStatus.FIRING));

    assertThat(shortly.statusCode()).isEqualTo(500);
    assertThat(tries()).isOne();
    assertThat(audited()).isEqualTo(before + 1);
    assertAlike(shortly, send(LONG, signal(freshService(), "poison", SignalStatus.FIRING)));
    assertThat(audited()).isEqualTo(before + 2);
  }

  @Test
  void whatFindsTheQueueFullIsToldAlike() throws InterruptedException, ExecutionException {
    var service = freshService();
    var waiting = new ArrayList<Future<SignalDesk.Taken>>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      transactions.once(() -> {
        desk.lockScopeOf(signal(service, "lock", SignalStatus.FIRING));
        var first = signal(service, "first", SignalStatus.FIRING);
        waiting.add(executor.submit(() -> desk.take(first, CLOCK.instant())));
        await().until(() -> waitsForALock());
        for (int i = 0; i < 256; i++) {
          var signal = signal(service, "rule" + i, SignalStatus.FIRING);
          waiting.add(executor.submit(() -> desk.take(signal, CLOCK.instant())));
        }
        await().until(() -> desk.waiting() == 256);
        return assertFull(service);
      });
    }
    for (var one : waiting) {
      assertThat(one.get()).isInstanceOf(SignalDesk.Taken.Stored.class);
    }
  }

  private boolean waitsForALock() {
    return jdbc.sql("select count(*) from pg_locks where locktype = 'advisory' and not granted")
            .query(Long.class)
            .single()
        > 0;
  }

  private boolean assertFull(String service) {
    try {
      var shortly = send(SHORT, signal(service, "rule", SignalStatus.FIRING));
      assertThat(shortly.statusCode()).isEqualTo(503);
      assertThat(shortly.headers().firstValue("Retry-After")).contains("2");
      assertAlike(shortly, send(LONG, signal(service, "rule", SignalStatus.FIRING)));
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
