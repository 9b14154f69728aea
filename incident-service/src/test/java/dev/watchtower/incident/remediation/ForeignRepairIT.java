package dev.watchtower.incident.remediation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.security.Scope;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.Api;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What senders that are no service of ours can have repaired. */
class ForeignRepairIT extends RepairWorld {
  private static Signal says(String service, SignalKind kind) {
    return new Signal(
        UUID.randomUUID(),
        kind + "|" + service,
        kind,
        SignalStatus.FIRING,
        "probe-" + service,
        service,
        "prod",
        Severity.SEV4,
        service + " is down",
        CLOCK.instant(),
        null,
        null);
  }

  private String sent(Api api, Signal signal) {
    var answer = api.post("/api/v1/signals", signal);
    assertThat(answer.status()).isEqualTo(202);
    return answer.text("incident");
  }

  @Test
  void noPlaybookTakesWhatOthersSayForWhatTheServicesSay() {
    var outside =
        List.of(asMachine("cron", Scope.INGEST_WRITE), as("ann", Scope.READ, Scope.RESPOND));
    var incident = "";
    for (var api : outside) {
      for (var kind : SignalKind.values()) {
        incident = sent(api, says("fix-62", kind));
        advance(Duration.ofSeconds(1));
      }
    }
    assertThat(log(incident)).isEmpty();

    processIs("fix-62", "HEALTHY");
    var ours = says("fix-62", SignalKind.THRESHOLD);
    assertThat(sent(asService("ingest", Scope.SIGNALS_WRITE), ours)).isEqualTo(incident);
    newest(incident, "SUCCEEDED");
    assertThat(log(incident)).as("nor once that is done").hasSize(1);
    assertThat(restarts("fix-62")).isEqualTo(1);
  }

  @Test
  void aPlaybookForExternalSignalsIsForThemWhateverTheyAreCalled() {
    processIs("fix-63", "HEALTHY");
    var incident =
        sent(asMachine("cron", Scope.INGEST_WRITE), says("fix-63", SignalKind.THRESHOLD));
    newest(incident, "SUCCEEDED");
    assertThat(restarts("fix-63")).isEqualTo(1);
  }
}
