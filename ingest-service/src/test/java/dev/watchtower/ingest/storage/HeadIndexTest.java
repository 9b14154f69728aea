package dev.watchtower.ingest.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeadIndexTest {
  private static final int SERIES = 1_000;

  private final HeadIndex index = new HeadIndex();
  private final List<Head> heads =
      IntStream.range(0, SERIES).mapToObj(i -> index.findOrCreate(labels(i))).toList();

  private static Labels labels(int i) {
    return Labels.of(Labels.METRIC_NAME, "up", "pod", "pod-" + i, "zone", "z" + i % 2);
  }

  private static Matcher matcher(String name, Matcher.Op op, String value) {
    return new Matcher(name, op, value);
  }

  private List<Head> found(Runnable check, Matcher... matchers) {
    var found = new ArrayList<Head>();
    index.select(List.of(matchers), check, found::add);
    return found;
  }

  @Test
  void findsTheSameWhicheverWayItSearches() {
    var some = matcher("pod", Matcher.Op.RE, "pod-1.?");
    var zone = matcher("zone", Matcher.Op.NRE, "z0|");
    var expected = IntStream.of(1, 11, 13, 15, 17, 19).mapToObj(heads::get).toArray(Head[]::new);

    assertThat(found(() -> {}, some, zone)).containsExactly(expected);
    assertThat(found(() -> {}, Matcher.eq(Labels.METRIC_NAME, "up"), some, zone))
        .containsExactly(expected);
    assertThat(found(() -> {}, some, zone, matcher("cell", Matcher.Op.NE, ""))).isEmpty();
    assertThat(found(() -> {}, matcher("cell", Matcher.Op.NRE, ".+"))).hasSize(SERIES);
    assertThat(found(() -> {}, Matcher.eq(Labels.METRIC_NAME, "down"), some)).isEmpty();
    assertThat(found(() -> {})).isEqualTo(heads);
  }

  /** A search may take long, and who creates a series holds back all readers. */
  @Test
  void seriesAreCreatedWhileASearchTestsValues() {
    for (var first :
        List.of(
            matcher(Labels.METRIC_NAME, Matcher.Op.RE, "up"),
            Matcher.eq(Labels.METRIC_NAME, "up"))) {
      var created = new AtomicInteger();
      var found =
          found(
              () -> {
                var number = SERIES + created.getAndIncrement();
                var other = Thread.ofPlatform().start(() -> index.findOrCreate(labels(number)));
                assertThat(joined(other)).as("it does not wait for the search").isTrue();
              },
              first,
              matcher("pod", Matcher.Op.NRE, "pod-7"));

      assertThat(created.get()).isGreaterThan(SERIES / 100);
      assertThat(found).contains(heads.get(0), heads.get(SERIES - 1)).doesNotContain(heads.get(7));
    }
  }

  @Test
  void seriesAreRemovedWhileASearchTestsValues() {
    var gone = new HashSet<>(heads.subList(10, SERIES));
    var found =
        found(
            () -> index.remove(gone),
            matcher("pod", Matcher.Op.NRE, "pod-7"),
            matcher("zone", Matcher.Op.RE, "z.*"));

    var rest = new ArrayList<>(heads.subList(0, 10));
    rest.remove(7);
    assertThat(found).isEqualTo(rest);
  }

  @Test
  void aSearchEndsWhenThereIsNoTimeLeft() {
    var checks = new AtomicInteger();
    assertThatThrownBy(() ->
            found(
                () -> {
                  if (checks.incrementAndGet() == 5) {
                    throw new IllegalStateException("no time is left");
                  }
                },
                matcher("pod", Matcher.Op.RE, ".*.*x")))
        .hasMessage("no time is left");
    index.findOrCreate(labels(SERIES));
    assertThat(index.size()).isEqualTo(SERIES + 1);
  }

  private static boolean joined(Thread thread) {
    try {
      return thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
