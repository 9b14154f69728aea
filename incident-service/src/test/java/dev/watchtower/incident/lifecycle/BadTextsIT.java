package dev.watchtower.incident.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that the database cannot hold. */
class BadTextsIT extends RunningService {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/incidents?service=%00",
        "/api/v1/incidents?env=%00",
        "/api/v1/measures?service=%00",
        "/api/v1/audit?actor=%00",
        "/api/v1/action-items?owner=%00",
        "/api/v1/incidents?service=%FF"
      })
  void areRefusedInQueries(String query) {
    assertThat(as("eve", Scope.READ, Scope.ADMIN).get(query).status()).isEqualTo(400);
  }

  @Test
  void halfASurrogatePairIsRefusedSinceItCouldNeverBeFoundAgain() {
    var signal =
        responder()
            .post(
                "/api/v1/signals",
                """
                {"id":"%s","fingerprint":"f","kind":"EXTERNAL","status":"FIRING","rule":"r",
                 "service":"a\\ud83d","env":"prod","severity":"SEV3","summary":"s","at":"%s"}
                """
                    .formatted(UUID.randomUUID(), CLOCK.instant()));
    assertThat(signal.status()).isEqualTo(400);
    assertThat(signal.body().path("errors").path(0).path("path").asString()).isEqualTo("service");

    var declared =
        responder()
            .post(
                "/api/v1/incidents",
                """
                {"title":"a\\udc00b","service":"s","env":"prod","severity":"SEV3"}
                """);
    assertThat(declared.status()).isEqualTo(400);
    assertThat(declared.body().path("errors").path(0).path("path").asString()).isEqualTo("title");
  }

  @Test
  void matchersAreWhatTheyWereSentAsAndNothingElse() {
    var made =
        responder()
            .post(
                "/api/v1/silences",
                Map.of(
                    "matchers",
                    Map.of("services", List.of(freshService())),
                    "reason",
                    "r",
                    "duration",
                    "PT1H"));

    assertThat(made.body().path("matchers").propertyNames())
        .containsExactlyInAnyOrder("services", "environments", "severities", "rules", "labels");
    // And it is in force with the answer that says so.
    assertThat(made.body().path("state").asString()).isEqualTo("ACTIVE");
  }

  @Test
  void anActorIsATypeAndANameAndNothingElse() {
    var id =
        responder()
            .post("/api/v1/signals", signal(freshService(), "r", SignalStatus.FIRING))
            .text("incident");

    var entry =
        responder().get("/api/v1/incidents/" + id + "/timeline").body().path("items").path(0);

    assertThat(entry.path("actor").propertyNames()).containsExactlyInAnyOrder("type", "name");
  }
}
