package dev.watchtower.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.SignalStatus;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A field that a request does not have is refused, before anything is done. */
class UnknownFieldsIT extends RunningService {
  private String incident() {
    return responder()
        .post("/api/v1/signals", signal(freshService(), "errors", SignalStatus.FIRING))
        .text("incident");
  }

  @Test
  void anAssigneeByAnotherNameRemovesNobody() {
    var path = "/api/v1/incidents/" + incident();
    assertThat(responder().post(path + "/assignee", Map.of("assignee", "ann")).status())
        .isEqualTo(200);

    var answer = responder().post(path + "/assignee", Map.of("name", "bob"));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body().path("errors").path(0).path("path").asString()).isEqualTo("name");
    assertThat(answer.body().path("errors").path(0).path("message").asString())
        .isEqualTo("this field is not known");
    assertThat(responder().get(path).text("assignee")).isEqualTo("ann");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          incidents                  | {"service":"a","env":"b","severity":"SEV3","title":"t","sev":1}            | sev
          incidents/ID/transitions   | {"event":"ACKNOWLEDGE","versoin":1}                                       | versoin
          incidents/ID/annotations   | {"text":"a","kind":"x"}                                                   | kind
          silences                   | {"matchers":{"services":["a"],"enviroments":["b"]},"reason":"r","duration":"PT1H"} | matchers.enviroments
          silences/preview           | {"matchers":{"services":["a"]},"reason":"r","endAt":"2030-01-01T00:00:00Z"} | endAt
          maintenance-windows        | {"matchers":{"services":["a"]},"reason":"r","recurring":{"timezone":"UTC"}} | recurring.timezone
          remediations/ID/approve    | {"coment":"x"}                                                            | coment
          remediations/ID/reject     | {"coment":"x"}                                                            | coment
          """)
  void isRefusedWithItsPlace(String door, String body, String path) {
    var answer = responder().post("/api/v1/" + door.replace("ID", incident()), body);

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
    assertThat(answer.body().path("errors").path(0).path("path").asString()).isEqualTo(path);
  }

  @Test
  void whatOtherProgramsSendMayHaveMore() {
    var alerts =
        """
        {"version":"4","receiver":"w","alerts":[{"status":"firing","labels":{"service":"%s"},
         "startsAt":"%s","endsAt":"0001-01-01T00:00:00Z","fingerprint":"%s","new":{"a":1}}]}\
        """
            .formatted(freshService(), CLOCK.instant(), UUID.randomUUID());
    assertThat(responder().post("/api/v1/alertmanager", alerts).status()).isEqualTo(200);
    var signal =
        """
        {"id":"%s","fingerprint":"f","kind":"THRESHOLD","status":"FIRING","rule":"r",
         "service":"%s","env":"prod","severity":"SEV3","summary":"s","at":"%s","more":1}\
        """
            .formatted(UUID.randomUUID(), freshService(), CLOCK.instant());
    assertThat(responder().post("/api/v1/signals", signal).status()).isEqualTo(202);
  }
}
