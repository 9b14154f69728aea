package dev.watchtower.incident.postmortem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.TimelineEntry;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.timeline.Outline;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineTextTest {
  private static TimelineEntry entry(long seq, String time, String summary) {
    return new TimelineEntry(
        seq,
        Instant.parse("2026-03-02T" + time + "Z"),
        TimelineKind.ANNOTATION,
        Actor.person("x"),
        summary,
        Map.of(),
        "",
        "");
  }

  @Test
  void itIsInTheOrderOfTimeWhateverWasToldFirst() {
    var outline =
        new Outline(
            5,
            List.of(
                entry(1, "06:46:50", "b"),
                entry(2, "06:46:26", "a"),
                entry(4, "06:47:09", "d"),
                entry(5, "06:47:09", "e")),
            List.of(
                new Outline.SignalRun(
                    3,
                    Instant.parse("2026-03-02T06:47:00Z"),
                    Instant.parse("2026-03-02T06:47:12Z"),
                    2,
                    0)),
            Map.of(),
            Map.of());

    assertThat(TimelineText.of(outline).lines().map(line -> line.replaceAll("^.* UTC:? ", "")))
        .containsExactly(
            "a (x)", "b (x)", "signals fired 2 times and cleared 0 times", "d (x)", "e (x)");
  }
}
