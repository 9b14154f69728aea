package dev.watchtower.ingest.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.AccessRules;
import dev.watchtower.common.security.Scope;
import dev.watchtower.ingest.IngestContext;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;

class AccessIT extends IngestContext {
  @Autowired private AccessRules rules;

  @ParameterizedTest
  @ValueSource(strings = {"query", "query_range", "query_exemplars", "series", "labels"})
  void whoMayReadMayAskByPost(String question) {
    assertThat(rules.verdict(HttpMethod.POST, "/api/v1/" + question))
        .isEqualTo(new AccessRules.Verdict.Needs(Set.of(Scope.READ)));
  }

  @Test
  void answersToolsThatAskForExemplarsByPost() {
    var answer =
        send(
            "POST",
            "/api/v1/query_exemplars",
            readToken(),
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            "query=up&start=1&end=2".getBytes(StandardCharsets.UTF_8));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"success\"");
  }

  @Test
  void tellsWhoMayUseAPathOfTheRightMethod() {
    var answer = send("PUT", "/api/v1/write", token(Scope.INGEST_WRITE), Map.of(), null);

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("POST");
    assertThat(answer.body()).contains("Allowed: POST");
  }

  /** An exporter of traces would be told to fetch a token that may do everything. */
  @ParameterizedTest
  @ValueSource(strings = {"/v1/traces", "/v1/logs", "/api/v1/write/"})
  void saysOfAnAddressWithoutADoorThatNothingIsThere(String path) {
    var answer = send("POST", path, token(Scope.INGEST_WRITE), Map.of(), null);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("There is nothing at this address.").doesNotContain("admin");
  }

  @Test
  void whoMayNotUseAPathAtAllIsRefusedWithAnyMethod() {
    assertThat(send("PUT", "/api/v1/write", null, Map.of(), null).statusCode()).isEqualTo(401);
    assertThat(send("PUT", "/api/v1/write", readToken(), Map.of(), null).statusCode())
        .isEqualTo(403);
    assertThat(rules.verdict(HttpMethod.PUT, "/api/v1/unknown"))
        .isEqualTo(new AccessRules.Verdict.Unknown());
  }
}
