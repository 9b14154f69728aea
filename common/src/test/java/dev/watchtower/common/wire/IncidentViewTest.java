package dev.watchtower.common.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class IncidentViewTest {
  @Test
  void aCopyThatAnOlderVersionHasKeptIsStillRead() {
    var view =
        JsonMapper.builder()
            .build()
            .readValue(
                """
                {"id":"00000000-0000-0000-0000-000000000001","number":7,"title":"t",
                 "state":"OPEN","severity":"SEV2","service":"checkout","env":"prod","version":3,
                 "openedAt":"2026-03-02T10:00:00Z","allowedEvents":["ACKNOWLEDGE"],"signals":[]}
                """,
                IncidentView.class);

    assertThat(view.severityBy()).isEqualTo("rule");
    assertThat(view.responders()).isEmpty();
    assertThat(view.tasks()).isEmpty();
    assertThat(view.statusUpdates()).isEmpty();
    assertThat(view.flapping()).isFalse();
  }
}
