package dev.watchtower.ingest.detection.config;

import static dev.watchtower.ingest.detection.config.ListeningTest.missing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.golden.ServiceRegistry;
import dev.watchtower.ingest.series.AcceptedBatch;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Few services that send each minute, and what is sent away between them; times are seconds. */
class SentAwayTest {
  private static final int AFTER = 120;

  private long now;
  private long taken;
  private long lost;
  private final ServiceRegistry registry = new ServiceRegistry();
  private final Listening listening =
      new Listening(
          new Listening.Doors(() -> true, () -> taken, () -> lost),
          registry,
          () -> now * 1000,
          System::nanoTime);
  private final RuleBook rules = new RuleBook(List.of(missing(AFTER)));
  private final Detector detector = new Detector(rules);

  /** At which second of the minute a service sends. */
  private final Map<Integer, Series> senders = new TreeMap<>();

  private final List<String> missed = new ArrayList<>();

  @BeforeEach
  void begin() {
    listening.follow(rules.noData());
    sends(0, "a");
    sends(10, "b");
    sends(20, "c");
    now = 600;
    listening.begin(now * 1000, 0);
  }

  /** Ten minutes in which it is learnt how often they send. */
  private void quietly(boolean golden) {
    registry.watch(_ -> golden, _ -> false);
    run(600, 0);
  }

  private void sends(int second, String service) {
    senders.put(
        second,
        new Series(second + 1, Labels.of("__name__", "orders", "service", service, "env", "prod")));
  }

  /** Sends one request away, at that second of each minute; none at 0. */
  private void run(int seconds, int sentAway) {
    for (int i = 0; i < seconds; i++) {
      now++;
      Series series = senders.get((int) (now % 60));
      if (series != null) {
        taken++;
        registry.heard(
            new AcceptedBatch(new Series[] {series}, new long[] {now * 1000}, new double[] {1}, 1),
            now * 1000);
      }
      if (sentAway > 0 && now % 60 == sentAway) {
        lost++;
      }
      look();
    }
  }

  private void allAreSentAway(int seconds) {
    for (int i = 0; i < seconds; i++) {
      now++;
      lost += senders.containsKey((int) (now % 60)) ? 1 : 0;
      look();
    }
  }

  private void look() {
    listening.look(now * 1000);
    detector
        .onSilence(registry.all(), listening.since(), now * 1000)
        .forEach(told -> missed.add(told.signal().service()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneThatAlwaysIsMakesNobodysSilenceUnseen(boolean golden) {
    quietly(golden);
    senders.remove(20);
    // For a minute it may be what was sent away.
    run(2 * AFTER, 40);

    assertThat(missed).containsExactly("c");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void norWhereOnlyOneOtherIsLeft(boolean golden) {
    quietly(golden);
    senders.remove(20);
    senders.remove(10);
    run(2 * AFTER, 40);

    assertThat(missed).containsExactlyInAnyOrder("b", "c");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nobodyIsMissedWhereAllAre(boolean golden) {
    quietly(golden);
    allAreSentAway(900);
    run(AFTER, 0);

    assertThat(missed).isEmpty();
  }
}
