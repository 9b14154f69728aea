package dev.watchtower.incident.notification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.RunningService;
import dev.watchtower.incident.notification.NoticePlan.Planned;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The store of notices by itself; nothing is handed over to a channel. */
class NoticesIT extends RunningService {
  @Autowired private Notices notices;

  @Test
  void whatIsBegunTellsWhatItWasRenewedTo() {
    var signal = signal(freshService(), "high-error-rate", SignalStatus.FIRING);
    var incident = UUID.fromString(responder().post("/api/v1/signals", signal).text("incident"));
    var now = CLOCK.instant();
    var id =
        notices
            .add(incident, new Planned("none", Notice.Kind.WORSE, "old", null), now)
            .orElseThrow();
    var read = notices.find(id).orElseThrow();
    assertThat(notices.add(incident, new Planned("none", Notice.Kind.WORSE, "new", null), now))
        .isEmpty();

    var begun = notices.begin(id).orElseThrow();

    assertThat(read.about()).isEqualTo("old");
    assertThat(begun.about()).isEqualTo("new");
    assertThat(begun.state()).isEqualTo(Notice.State.SENDING);
    notices.close(id, Notice.State.SKIPPED, "only a test", now);
    assertThat(notices.begin(id)).isEmpty();
  }
}
