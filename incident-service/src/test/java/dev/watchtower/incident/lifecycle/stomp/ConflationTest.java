package dev.watchtower.incident.lifecycle.stomp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.IncidentView;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.TimelineEntry;
import dev.watchtower.common.wire.TimelineKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ConflationTest {
  private static final long GAP = Duration.ofMillis(200).toNanos();

  private final Conflation conflation = new Conflation(Duration.ofMillis(200));
  private final UUID incident = new UUID(1, 1);

  private IncidentView version(long version) {
    return new IncidentView(
        incident,
        7,
        "t",
        IncidentState.OPEN,
        Severity.SEV2,
        "shop",
        "prod",
        version,
        Instant.EPOCH,
        null,
        null,
        null,
        null,
        List.of(),
        List.of(),
        null);
  }

  private static List<TimelineEntry> entry(long seq) {
    return List.of(
        new TimelineEntry(
            seq,
            Instant.EPOCH,
            TimelineKind.ANNOTATION,
            Actor.policy("p"),
            "s",
            Map.of(),
            "h",
            "p"));
  }

  private static List<Long> seqs(Conflation.Due due) {
    return due.entries().stream().map(TimelineEntry::seq).toList();
  }

  @Test
  void theFirstChangeGoesOutAtOnce() {
    conflation.add(version(1), entry(1));

    assertThat(conflation.untilNext(1_000)).hasValue(0);
    var due = conflation.due(1_000);
    assertThat(due).hasSize(1);
    assertThat(due.getFirst().incident().version()).isEqualTo(1);
    assertThat(conflation.untilNext(1_000)).isEmpty();
  }

  @Test
  void thoseThatFollowCloselyGoOutTogetherAsTheNewestWithAllEntriesInOrder() {
    conflation.add(version(1), entry(1));
    conflation.due(0);
    conflation.add(version(3), entry(3));
    conflation.add(version(2), entry(2));
    conflation.add(version(4), entry(4));

    assertThat(conflation.due(GAP - 1)).isEmpty();
    assertThat(conflation.untilNext(GAP / 4)).hasValue(GAP - GAP / 4);
    var due = conflation.due(GAP);
    assertThat(due).hasSize(1);
    assertThat(due.getFirst().incident().version()).isEqualTo(4);
    assertThat(seqs(due.getFirst())).containsExactly(2L, 3L, 4L);
    assertThat(conflation.due(10 * GAP)).isEmpty();
  }

  @Test
  void whenMoreWaitsThanIsKeptTheNewestEntriesAreKept() {
    long most = Conflation.MAX_ENTRIES + 5;
    LongStream.rangeClosed(1, most).forEach(seq -> conflation.add(version(seq), entry(seq)));

    var seqs = seqs(conflation.due(0).getFirst());
    assertThat(seqs).hasSize(Conflation.MAX_ENTRIES).startsWith(6L).endsWith(most);
  }
}
