package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.storage.Head.Outcome;
import java.util.ArrayList;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A series while the clock is ahead, and after it was put back. */
class HeadTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final long WINDOW = 10 * MINUTE;

  private final Head head =
      new Head(
          new Series(1, Labels.of(Labels.METRIC_NAME, "x")),
          new ServiceClock("s", "e"),
          Long.MIN_VALUE);
  private long now = NOW;

  private Outcome append(long ts, double value) {
    return head.append(ts, value, WINDOW, now);
  }

  /** A minute of samples an hour ahead; then the clock is right. */
  private void anHourAheadForAMinute() {
    assertThat(append(NOW, 0)).isEqualTo(Outcome.STORED);
    now += HOUR;
    for (var i = 1; i <= 6; i++) {
      assertThat(append(NOW + HOUR + i * 10_000, 100 + i)).isEqualTo(Outcome.STORED);
    }
    now = NOW + MINUTE;
  }

  @Test
  void goesOnAtOnceAndUntilTheTimeOfTheOthersIsOver() {
    anHourAheadForAMinute();

    var stored = 7;
    for (var ts = NOW + MINUTE; ts < NOW + 2 * HOUR; ts += 10_000, now += 10_000) {
      var there = ts > NOW + HOUR && ts <= NOW + HOUR + MINUTE;
      assertThat(append(ts, 1)).isEqualTo(there ? Outcome.CONFLICT : Outcome.STORED);
      assertThat(append(ts, 1)).isEqualTo(there ? Outcome.CONFLICT : Outcome.DUPLICATE);
      stored += there ? 0 : 1;
    }

    var all = new SampleCollector();
    head.read(Long.MIN_VALUE, Long.MAX_VALUE, all);
    assertThat(all.size()).isEqualTo(stored);
    assertThat(all.samples().size()).isEqualTo(stored);
  }

  @Test
  void whatIsLateIsSoByTheRightTime() {
    anHourAheadForAMinute();

    assertThat(append(NOW - WINDOW, 1)).isEqualTo(Outcome.STORED);
    assertThat(append(NOW - WINDOW - 1, 1)).isEqualTo(Outcome.TOO_OLD);
    now = NOW + HOUR;
    append(NOW + HOUR + 9 * MINUTE, 1);
    now = NOW + HOUR - MINUTE;
    assertThat(append(now - WINDOW, 1))
        .as("as a sender with a fast clock")
        .isEqualTo(Outcome.STORED);
    assertThat(append(now - WINDOW - 1, 1)).isEqualTo(Outcome.TOO_OLD);
  }

  @Test
  void itsEndIsThatOfTheRightTime() {
    anHourAheadForAMinute();

    assertThat(head.newest(NOW + HOUR)).isEqualTo(new Head.Newest(NOW + HOUR + MINUTE, 106));
    assertThat(head.newest(now)).isEqualTo(new Head.Newest(NOW, 0));
    append(now, 2);
    assertThat(head.newest(now)).isEqualTo(new Head.Newest(now, 2));
    assertThat(head.mayHave(NOW + HOUR, NOW + 2 * HOUR)).isTrue();
    assertThat(head.mayHave(NOW + HOUR + MINUTE + 1, NOW + 2 * HOUR)).isFalse();
  }

  @Test
  void goesOnWhereTheArchiveAloneHasWhatIsAhead() {
    anHourAheadForAMinute();
    var cut = new ArrayList<Chunk>();
    head.cut(cut::add);
    cut.forEach(head::sealed);
    head.evict(Long.MAX_VALUE);

    assertThat(head.newest(now)).isEqualTo(new Head.Newest(Long.MIN_VALUE, 0));
    assertThat(append(now, 1)).isEqualTo(Outcome.STORED);
    assertThat(append(now + 1, 2)).isEqualTo(Outcome.STORED);
    assertThat(head.completeFrom()).isEqualTo(NOW + HOUR + MINUTE + 1);
    assertThat(head.mayHave(NOW + HOUR, NOW + HOUR)).isTrue();
  }

  @Test
  void takesNoMoreRoomAndTimeThanOtherwise() {
    anHourAheadForAMinute();
    var samples = 500_000;
    for (var i = 0; i < samples; i++) {
      append(now, i);
      now += i % 2 == 0 ? 16 : 1;
    }
    assertThat(now)
        .as("the time of those that are ahead is over")
        .isGreaterThan(NOW + HOUR + MINUTE);

    var chunks = new ArrayList<Chunk>();
    head.cut(chunks::add);

    assertThat(chunks).hasSizeLessThan(samples / Chunk.MAX_SAMPLES + 5);
  }

  /** Steps of the clock in both directions, and samples around its time, against a map. */
  @Test
  void hasEverySampleThatItTookOnce() {
    var random = new Random(7);
    var model = new TreeMap<Long, Double>();
    for (var i = 0; i < 20_000; i++) {
      now += random.nextInt(1000);
      if (random.nextInt(500) == 0) {
        now += (random.nextInt(120) - 60) * MINUTE;
      }
      var ts = (now + random.nextInt(10) * (random.nextInt(20) == 0 ? -1000 : 100)) / 500 * 500;
      var known = model.get(ts);
      var value = known == null || random.nextBoolean() ? i : known;

      var outcome = append(ts, value);

      if (known == null) {
        assertThat(outcome).isEqualTo(Outcome.STORED);
        model.put(ts, value);
      } else {
        assertThat(outcome)
            .isEqualTo(Head.same(known, value) ? Outcome.DUPLICATE : Outcome.CONFLICT);
      }
      if (random.nextInt(2000) == 0) {
        head.cut(head::sealed);
      }
    }

    var all = new SampleCollector();
    head.read(Long.MIN_VALUE, Long.MAX_VALUE, all);
    assertThat(all.size()).isEqualTo(model.size());
    var samples = all.samples();
    var i = 0;
    for (var sample : model.entrySet()) {
      assertThat(samples.timestamp(i)).isEqualTo(sample.getKey());
      assertThat(samples.value(i++)).isEqualTo(sample.getValue());
    }
  }
}
