package dev.watchtower.common.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class IncidentViewTest {
  private static IncidentView view(long version, StatusUpdate... told) {
    return new IncidentView(
        new UUID(0, 1),
        7,
        "t",
        IncidentState.RESOLVED,
        Severity.SEV2,
        "checkout",
        "prod",
        version,
        Instant.EPOCH,
        null,
        null,
        Instant.EPOCH,
        null,
        List.of(),
        List.of(),
        null,
        "rule",
        List.of(),
        List.of(),
        false,
        List.of(told),
        false);
  }

  @Test
  void whatThePublicWasToldSinceIsNewerInTheSameVersion() {
    var told =
        new StatusUpdate(
            new UUID(0, 2),
            "resolved",
            "Over.",
            StatusUpdate.State.PUBLISHED,
            Instant.EPOCH,
            Instant.EPOCH.plusSeconds(5),
            "ann");

    assertThat(view(3, told).isNewerThan(view(3))).isTrue();
    assertThat(view(3).isNewerThan(view(3, told))).isFalse();
    assertThat(view(3).isNewerThan(view(3))).isFalse();
    assertThat(view(4).isNewerThan(view(3, told))).isTrue();
    assertThat(view(2, told).isNewerThan(view(3))).isFalse();
  }

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
