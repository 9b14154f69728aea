package dev.watchtower.ingest.query.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.IngestContext;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a client of Prometheus is answered by the running service. */
class QueryDoorIT extends IngestContext {
  @Test
  void valuesOfALabelWithAnyNameAreListed() {
    var body =
        "{\"samples\":[{\"name\":\"odd\",\"labels\":{\"bad-name\":\"yes\"},\"value\":1}]}"
            .getBytes(StandardCharsets.UTF_8);
    var json = Map.of("Content-Type", "application/json");
    assertThat(send("POST", "/api/v1/metrics", writeToken(), json, body).statusCode())
        .isEqualTo(204);

    for (var name : new String[] {"bad-name", "U__bad_2d_name", "bad%2Dname"}) {
      assertThat(
              send("GET", "/api/v1/label/" + name + "/values", readToken(), Map.of(), null).body())
          .as(name)
          .isEqualTo("{\"status\":\"success\",\"data\":[\"yes\"]}");
    }
  }

  @Test
  void whatIsNoNameOfALabelIsRefused() {
    var answer = send("GET", "/api/v1/label/U__/values", readToken(), Map.of(), null);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("bad_data").contains("invalid label name");
  }
}
