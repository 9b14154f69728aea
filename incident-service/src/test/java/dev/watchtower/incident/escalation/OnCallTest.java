package dev.watchtower.incident.escalation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.common.catalog.Escalation.Layer;
import dev.watchtower.common.catalog.Escalation.Rotation;
import dev.watchtower.common.catalog.Escalation.StandIn;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnCallTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static Layer layer(boolean daily, String starts, String... people) {
    return new Layer(
        daily,
        1,
        LocalDateTime.parse(starts),
        List.of(people),
        null,
        null,
        EnumSet.allOf(DayOfWeek.class));
  }

  private static Layer nights(String from, String to, Set<DayOfWeek> days, String person) {
    return new Layer(
        true,
        1,
        LocalDateTime.parse("2026-01-01T00:00"),
        List.of(person),
        LocalTime.parse(from),
        LocalTime.parse(to),
        days);
  }

  private static Rotation rotation(Layer... layers) {
    return new Rotation("r", BERLIN, List.of(layers), List.of());
  }

  private static String at(Rotation rotation, String at) {
    return OnCall.at(rotation, Instant.parse(at)).orElse("nobody");
  }

  @Test
  void weeksAreHandedOverInTurn() {
    var weekly = rotation(layer(false, "2026-01-05T09:00", "ann", "bob", "cid"));

    assertThat(at(weekly, "2026-01-05T07:59:59Z")).isEqualTo("nobody");
    assertThat(at(weekly, "2026-01-05T08:00:00Z")).isEqualTo("ann");
    assertThat(at(weekly, "2026-01-12T07:59:59Z")).isEqualTo("ann");
    assertThat(at(weekly, "2026-01-12T08:00:00Z")).isEqualTo("bob");
    assertThat(at(weekly, "2026-01-19T08:00:00Z")).isEqualTo("cid");
    assertThat(at(weekly, "2026-01-26T08:00:00Z")).isEqualTo("ann");
    // In summer the wall clock is an hour further.
    assertThat(at(weekly, "2026-06-22T06:59:59Z")).isEqualTo("cid");
    assertThat(at(weekly, "2026-06-22T07:00:00Z")).isEqualTo("ann");
  }

  /**
   * Days that are 23 and 25 hours long, with hand-overs also at times that are skipped or twice.
   */
  @ParameterizedTest
  @CsvSource({
    "2026-03-28, 09:00, 23",
    "2026-03-28, 02:30, 24",
    "2026-03-29, 02:30, 23",
    "2026-10-24, 09:00, 25",
    "2026-10-24, 02:30, 24",
    "2026-10-25, 02:30, 25"
  })
  void overADaylightSavingChangeSomebodyIsAlwaysOnCallAndATurnIsALocalDay(
      String day, String time, int hours) {
    var rotation = rotation(layer(true, "2026-01-01T" + time, "ann", "bob"));
    var begin = LocalDateTime.parse(day + "T" + time).atZone(BERLIN).toInstant();
    var first = OnCall.at(rotation, begin).orElseThrow();

    var turn = Duration.ZERO;
    while (OnCall.at(rotation, begin.plus(turn)).orElseThrow().equals(first)) {
      turn = turn.plusMinutes(1);
    }

    assertThat(turn).isEqualTo(Duration.ofHours(hours));
    assertThat(OnCall.at(rotation, begin.minusSeconds(1)).orElseThrow()).isNotEqualTo(first);
    assertThat(OnCall.nowAndNext(rotation, begin).getFirst().until()).isEqualTo(begin.plus(turn));
  }

  @Test
  void inAWholeYearNobodyIsSkippedAndNoMinuteIsEmpty() {
    var rotation = rotation(layer(true, "2026-01-01T02:30", "ann", "bob", "cid"));
    var turns = new ArrayList<String>();
    var end = Instant.parse("2027-01-01T00:00:00Z");
    for (var at = Instant.parse("2026-01-01T01:30:00Z");
        at.isBefore(end);
        at = at.plusSeconds(600)) {
      var person = OnCall.at(rotation, at).orElseThrow();
      if (turns.isEmpty() || !turns.getLast().equals(person)) {
        turns.add(person);
      }
    }

    assertThat(turns).hasSize(365);
    for (int i = 0; i < turns.size(); i++) {
      assertThat(turns.get(i)).isEqualTo(List.of("ann", "bob", "cid").get(i % 3));
    }
  }

  @Test
  void aLaterLayerGoesFirstWhileItIsInForceAlsoOverMidnight() {
    var rotation =
        rotation(
            layer(false, "2026-01-05T09:00", "ann"),
            nights("22:00", "06:00", Set.of(DayOfWeek.FRIDAY), "nora"));

    assertThat(at(rotation, "2026-03-06T20:59:59Z")).isEqualTo("ann");
    assertThat(at(rotation, "2026-03-06T21:00:00Z")).isEqualTo("nora");
    assertThat(at(rotation, "2026-03-07T04:59:59Z")).isEqualTo("nora");
    assertThat(at(rotation, "2026-03-07T05:00:00Z")).isEqualTo("ann");
    assertThat(at(rotation, "2026-03-07T21:00:00Z")).isEqualTo("ann");
  }

  @Test
  void anOverrideGoesBeforeEveryLayer() {
    var base = rotation(layer(true, "2026-01-01T00:00", "ann"));
    var rotation =
        new Rotation(
            "r",
            BERLIN,
            base.layers(),
            List.of(
                new StandIn(
                    "dan",
                    Instant.parse("2026-03-02T10:00:00Z"),
                    Instant.parse("2026-03-02T12:00:00Z"))));

    var shifts = OnCall.nowAndNext(rotation, Instant.parse("2026-03-02T09:00:00Z"));

    assertThat(at(rotation, "2026-03-02T11:59:59Z")).isEqualTo("dan");
    assertThat(at(rotation, "2026-03-02T12:00:00Z")).isEqualTo("ann");
    assertThat(shifts)
        .containsExactly(
            new OnCall.Shift(
                "ann",
                Instant.parse("2026-03-02T09:00:00Z"),
                Instant.parse("2026-03-02T10:00:00Z")),
            new OnCall.Shift(
                "dan",
                Instant.parse("2026-03-02T10:00:00Z"),
                Instant.parse("2026-03-02T12:00:00Z")));
  }

  @Test
  void whereOnePersonIsAlwaysOnCallNoChangeIsInSight() {
    var shifts =
        OnCall.nowAndNext(
            rotation(layer(true, "2026-01-01T00:00", "ann")),
            Instant.parse("2026-03-02T09:00:00Z"));

    assertThat(shifts).hasSize(1);
    assertThat(shifts.getFirst().until()).isNull();
  }
}
