package dev.watchtower.incident.postmortem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.watchtower.common.catalog.CatalogSource;
import dev.watchtower.common.http.Peers;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.PeerStandIn.Reply;
import dev.watchtower.incident.PeerStandIn.Request;
import dev.watchtower.incident.RunningService;
import dev.watchtower.incident.postmortem.http.IngestImpact;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What a postmortem says about budgets and figures, with an HTTP server in ingest's place. */
class ImpactIT extends RunningService {
  private static final String NOTHING = "{\"items\":[],\"next\":null}";

  @Autowired private Peers peers;
  @Autowired private CatalogSource catalog;

  private final CountDownLatch released = new CountDownLatch(1);

  @AfterEach
  void nothingLeft() {
    released.countDown();
    INGEST.behave(request -> new Reply(200, NOTHING));
  }

  private static String value(String text) {
    return """
    {"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"%s"]}]}}
    """
        .formatted(text);
  }

  private static String queryOf(Request request) {
    return URLDecoder.decode(request.body(), StandardCharsets.UTF_8);
  }

  private static boolean isQuery(Request request) {
    return request.path().equals("/api/v1/query");
  }

  /** 12,000 requests in the span, 300 of them bad; of a budget of 5,000 bad ones a month. */
  private static void ingestKnows() {
    INGEST.behave(request -> {
      if (request.path().equals("/api/v1/slo")) {
        return new Reply(
            200,
            """
            {"items":[{"name":"storefront-availability","title":"t","total":1000000.0,
                       "budgetLeft":0.42,"state":"HEALTHY","burnRates":[]}],"next":null}
            """);
      }
      if (!isQuery(request)) {
        return new Reply(200, NOTHING);
      }
      var query = queryOf(request);
      if (query.contains("query=increase(")) {
        return new Reply(200, value(query.contains("5..") ? "300" : "12000"));
      }
      return new Reply(200, value(query.contains("query=max_over_time") ? "0.25" : "0.001"));
    });
  }

  private Impact.Span storefront() {
    var from = CLOCK.instant();
    return new Impact.Span(
        "storefront", Set.of("storefront"), "prod", from, from.plus(Duration.ofMinutes(10)));
  }

  private Impact measured() {
    return new IngestImpact(peers, catalog::current).measure(storefront());
  }

  @Test
  void theBudgetThatTheIncidentSpentIsItsBadEventsOfThoseThatThePeriodAllows() {
    ingestKnows();

    var impact = measured();

    assertThat(ImpactText.paragraphs("storefront", impact).getFirst())
        .isEqualTo(
            """
            Error budgets:
            - Storefront answers without an error (99.50 % over 30 d): 6.00 % of the budget was \
            spent; of what happened, 2.50 % was bad; left now: 42.0 %\
            """);
    assertThat(ImpactText.paragraphs("storefront", impact).get(1))
        .contains("- error\\_rate: 25.0 % at the highest; on average in the hour before: 0.10 %")
        .contains("- traffic: 0.250 at the highest");
    var counted =
        INGEST.requests().stream()
            .filter(ImpactIT::isQuery)
            .map(ImpactIT::queryOf)
            .filter(query -> query.contains("increase"))
            .toList();
    assertThat(counted.getLast())
        .contains("service=\"storefront\"", "[600000ms:15000ms]")
        .contains("time=" + storefront().to());
  }

  @Test
  void whatIngestDoesNotKnowIsNotKnownWithItsReason() {
    INGEST.behave(request ->
        isQuery(request)
            ? new Reply(
                200, "{\"status\":\"success\",\"data\":{\"resultType\":\"vector\",\"result\":[]}}")
            : new Reply(200, NOTHING));

    var words = String.join("\n", ImpactText.paragraphs("storefront", measured()));

    assertThat(words)
        .contains("the budget spent is not known: ingest does not know this objective")
        .contains("error\\_rate: not known: there is no data");
  }

  @Test
  void anIngestThatBreaksIsAskedOnceAndTheDraftIsThereAllTheSame() {
    INGEST.behave(
        request -> new Reply(request.path().equals("/api/v1/events") ? 200 : 503, NOTHING));
    var service = freshService();

    var impact = draftedImpact(service);

    assertThat(impact).contains("high-error-rate on " + service);
    assertThat(impact).contains("traffic: not known: ingest answered 503");
    assertThat(queriesAbout(service)).isEqualTo(1);
  }

  @Test
  void anIngestThatNeverAnswersHoldsUpNeitherResolutionNorDraft() {
    INGEST.behave(request -> {
      if (isQuery(request)) {
        awaitRelease();
      }
      return new Reply(200, NOTHING);
    });

    assertThat(draftedImpact(freshService())).contains("not known: ingest does not answer");
  }

  private void awaitRelease() {
    try {
      released.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void theFiguresAreInTheDraft() {
    ingestKnows();

    assertThat(draftedImpact(freshService()))
        .contains("error\\_rate: 25.0 % at the highest; on average in the hour before: 0.10 %");
  }

  private static long queriesAbout(String service) {
    return INGEST.requests().stream()
        .filter(ImpactIT::isQuery)
        .filter(request -> queryOf(request).contains("\"" + service + "\""))
        .count();
  }

  private String draftedImpact(String service) {
    var api = responder();
    var id =
        api.post("/api/v1/signals", signal(service, "high-error-rate", SignalStatus.FIRING))
            .text("incident");
    advance(Duration.ofMinutes(5));
    api.post("/api/v1/signals", signal(service, "high-error-rate", SignalStatus.CLEARED));
    assertThat(
            api.post("/api/v1/incidents/" + id + "/transitions", Map.of("event", "RESOLVE"))
                .status())
        .isEqualTo(200);
    var path = "/api/v1/incidents/" + id + "/postmortem";
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> api.get(path).status() == 200);
    return api.get(path).body().path("sections").path("impact").path("text").asString();
  }
}
