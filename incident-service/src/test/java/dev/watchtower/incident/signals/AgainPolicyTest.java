package dev.watchtower.incident.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import dev.watchtower.incident.signals.AgainPolicy.Verdict;
import dev.watchtower.incident.signals.SignalPolicy.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AgainPolicyTest {
  private static final Instant START = Instant.parse("2026-03-02T10:00:00Z");
  private static final Instant END = START.plusSeconds(60);
  private static final Signal REPORT =
      new Signal(
          UUID.randomUUID(),
          "am:fp",
          SignalKind.EXTERNAL,
          SignalStatus.FIRING,
          "HighErrors",
          "pay",
          "prod",
          Severity.SEV2,
          "Many errors",
          START,
          null,
          null);

  /** The report of a replica, so long after the other one has told the end. */
  private static Verdict reported(Duration interval, Duration after) {
    return AgainPolicy.of(
        REPORT,
        Optional.of(new Seen(SignalStatus.CLEARED, END, END)),
        Optional::empty,
        AgainPolicy.late(interval),
        END.plus(after));
  }

  @Test
  void aReplicaMayBeAsLateAsItsGroupInterval() {
    for (int minutes : new int[] {5, 10, 60}) {
      var interval = Duration.ofMinutes(minutes);

      assertThat(reported(interval, interval))
          .isEqualTo(
              new Verdict.Open(END.plus(interval).plus(interval).plus(Duration.ofMinutes(1))));
      assertThat(reported(interval, interval.plusSeconds(61))).isInstanceOf(Verdict.Anew.class);
    }
  }

  @Test
  void anEndFromBeforeTheClockWasPutBackIsLongAgo() {
    var now = START.plusSeconds(30);
    var late = Duration.ofMinutes(6);
    var cleared = new Seen(SignalStatus.CLEARED, START.plusSeconds(3700), START.plusSeconds(3700));
    var fired = new Seen(SignalStatus.FIRING, START.plusSeconds(3600), START.plusSeconds(3600));

    assertThat(AgainPolicy.of(REPORT, Optional.of(cleared), Optional::empty, late, now))
        .isInstanceOf(Verdict.Anew.class);
    assertThat(
            AgainPolicy.of(
                REPORT, Optional.of(fired), () -> Optional.of(START.plusSeconds(3700)), late, now))
        .isInstanceOf(Verdict.Anew.class);
  }
}
