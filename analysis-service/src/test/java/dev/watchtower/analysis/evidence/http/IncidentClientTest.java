package dev.watchtower.analysis.evidence.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.analysis.evidence.SourceException;
import dev.watchtower.analysis.support.Samples;
import dev.watchtower.analysis.support.StubServer;
import dev.watchtower.analysis.support.StubServer.Answer;
import dev.watchtower.analysis.support.StubServer.Request;
import dev.watchtower.common.http.Peers;
import dev.watchtower.common.security.KeyFiles;
import dev.watchtower.common.security.ServiceTokens;
import dev.watchtower.common.security.TokenIssuer;
import dev.watchtower.common.test.MutableClock;
import dev.watchtower.common.test.TestKeys;
import dev.watchtower.common.wire.IncidentView;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class IncidentClientTest {
  private final StubServer incident = new StubServer();
  private final IncidentClient client =
      new IncidentClient(
          new Peers(
              Map.of("incident", incident.url()),
              new ServiceTokens(
                  "analysis",
                  new TokenIssuer(
                      "analysis",
                      new KeyFiles(new TestKeys().dataDir().resolve("keys"))
                          .privateKey("analysis")),
                  MutableClock.ofAFixedDay())),
          Duration.ofSeconds(5));

  @AfterEach
  void close() {
    incident.close();
  }

  private static Answer page(IncidentView one, String next) {
    return new Answer(
        200,
        "{\"items\":[%s],\"next\":%s}"
            .formatted(JsonMapper.shared().writeValueAsString(one), next));
  }

  @Test
  void readsTheIncidentsOfTheNextPagesToo() {
    var newest = Samples.incident("checkout", Samples.OPENED);
    var oldest = Samples.incident("inventory", Samples.OPENED);
    incident.answering(request ->
        request.query().contains("page=") ? page(oldest, "null") : page(newest, "\"a/b=\""));

    var active = client.active("prod");

    assertThat(active.isAll()).isTrue();
    assertThat(active.incidents())
        .extracting(IncidentView::id)
        .isEqualTo(List.of(newest.id(), oldest.id()));
  }

  @Test
  void keepsThePagesThatCameWhenALaterOneDoesNot() {
    var newest = Samples.incident("checkout", Samples.OPENED);
    incident.answering(request ->
        request.query().contains("page=") ? new Answer(503, "{}") : page(newest, "\"b\""));

    var active = client.active("prod");

    assertThat(active.isAll()).isFalse();
    assertThat(active.incidents()).extracting(IncidentView::id).containsExactly(newest.id());
    incident.answering(request -> new Answer(503, "{}"));
    assertThatThrownBy(() -> client.active("prod")).isInstanceOf(SourceException.class);
  }

  @Test
  void readsNoMoreThanAThousand() {
    var one = Samples.incident("checkout", Samples.OPENED);
    incident.answering(request -> page(one, "\"more\""));

    assertThat(client.active("prod").incidents()).hasSize(5);
    assertThat(incident.requests())
        .extracting(Request::query)
        .hasSize(5)
        .allSatisfy(query -> assertThat(query).contains("limit=200"));
  }
}
