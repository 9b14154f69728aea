package dev.watchtower.analysis.evidence.http;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.watchtower.common.wire.PageOf;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class IncidentClientTest {
  private final StubServer incidents = new StubServer();
  private final IncidentClient client =
      new IncidentClient(
          new Peers(
              Map.of("incident", incidents.url()),
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
    incidents.close();
  }

  private static Answer page(String service, @Nullable String next) {
    return new Answer(
        200,
        JsonMapper.shared()
            .writeValueAsString(
                new PageOf<>(List.of(Samples.incident(service, Samples.OPENED)), next)));
  }

  @Test
  void readsAllPagesOfWhatIsOpen() {
    incidents.answering(request ->
        request.query().contains("&page=a+1") || request.query().contains("&page=a 1")
            ? page("inventory", null)
            : page("checkout", "a 1"));

    assertThat(client.active("prod"))
        .extracting(IncidentView::service)
        .containsExactly("checkout", "inventory");
    assertThat(incidents.requests())
        .extracting(Request::query)
        .allSatisfy(query -> assertThat(query).contains("env=prod", "limit=200"));
  }

  @Test
  void readsNoPagesWithoutEnd() {
    incidents.answering(_ -> page("checkout", "more"));

    assertThat(client.active("prod")).hasSize(5);
  }
}
