package dev.watchtower.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.SignalStatus;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Nothing in a body stands for something else: a number is no word, no yes, and no other number.
 */
class StrictBodiesIT extends RunningService {
  private String incident() {
    return responder()
        .post("/api/v1/signals", signal(freshService(), "errors", SignalStatus.FIRING))
        .text("incident");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          transitions     | {"event":7,"comment":"c"}                               | event
          transitions     | {"event":"1","comment":"c"}                             | event
          transitions     | {"event":"ACKNOWLEDGE","comment":"c","version":0.9}     | version
          severity        | {"severity":0,"comment":"x"}                            | severity
          severity        | {"severity":"3","comment":"x"}                          | severity
          responders      | {"name":"ann","role":0}                                 | role
          status-updates  | {"status":"identified","body":"b","publish":7}          | publish
          status-updates  | {"status":"identified","body":"b","publish":"true"}     | publish
          """)
  void whatIsOfAnotherKindIsRefusedWithItsPlace(String door, String body, String path) {
    var incident = incident();

    var answer =
        responder()
            .post(
                "/api/v1/incidents/" + incident + "/" + door,
                JsonMapper.shared().readValue(body, Map.class));

    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
    assertThat(answer.body().path("errors").path(0).path("path").asString()).isEqualTo(path);
    assertThat(responder().get("/api/v1/incidents/" + incident).text("state")).isEqualTo("OPEN");
  }

  @Test
  void aSignalOfNumbersIsNone() {
    var signal =
        JsonMapper.shared()
            .<Map<String, Object>>convertValue(
                signal(freshService(), "errors", SignalStatus.FIRING), new TypeReference<>() {});
    signal.put("severity", 0);

    assertThat(responder().post("/api/v1/signals", signal).status()).isEqualTo(400);
  }
}
