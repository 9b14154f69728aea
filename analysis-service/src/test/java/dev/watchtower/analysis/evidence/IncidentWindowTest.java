package dev.watchtower.analysis.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.analysis.ranking.Window;
import dev.watchtower.analysis.support.Samples;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which time is looked at, and when trouble that ended before can still be the cause. */
class IncidentWindowTest {
  private static Window window(IncidentSignal... signals) {
    return window(60, signals);
  }

  private static Window window(long secondsAfter, IncidentSignal... signals) {
    return changed(null, secondsAfter, signals);
  }

  /** The window where the incident changed so many seconds after the opening. */
  private static Window changed(
      @Nullable Long changed, long secondsAfter, IncidentSignal... signals) {
    var incident = Samples.incident("checkout", Samples.OPENED, signals);
    var settings = Samples.catalog(Duration.ofSeconds(20)).analysis();
    var changedAt = changed == null ? null : Samples.OPENED.plusSeconds(changed);
    var began = IncidentWindow.began(incident, changedAt, settings);
    return IncidentWindow.of(
        incident, began, changedAt, settings, Samples.OPENED.plusSeconds(secondsAfter));
  }

  /** A signal that fired and cleared so many seconds after the opening, or fires on. */
  private static IncidentSignal signal(long fired, @Nullable Long cleared) {
    return signal("high-error-rate", fired, cleared);
  }

  private static IncidentSignal signal(String rule, long fired, @Nullable Long cleared) {
    return new IncidentSignal(
        "fp-" + fired,
        SignalKind.THRESHOLD,
        cleared == null ? SignalStatus.FIRING : SignalStatus.CLEARED,
        rule,
        "checkout",
        Severity.SEV2,
        "fails",
        Samples.OPENED.plusSeconds(fired),
        cleared == null ? null : Samples.OPENED.plusSeconds(cleared),
        null);
  }

  @Test
  void itBeganWithTheFirstSignalOfARuleOfOurs() {
    var own = Samples.firing("checkout", SignalKind.THRESHOLD, "fails");

    assertThat(window(own).opened()).isEqualTo(own.firedAt());
  }

  @Test
  void whatAnotherSystemOrAPersonTellsComesLate() {
    var told = window(Samples.firing("checkout", SignalKind.EXTERNAL, "fails"));

    assertThat(told.opened()).isEqualTo(told.suspectFrom());
    assertThat(window().opened()).isEqualTo(window().suspectFrom());
  }

  @Test
  void afterARelapseItIsTheRelapseThatIsLookedAtAndUsualIsWhatWasBeforeTheOpening() {
    var relapse = Samples.OPENED.plusSeconds(1_200);

    for (var window :
        List.of(
            window(1_260, signal(1_200, null)),
            window(1_260, signal(-1, 1_000L), signal(1_200, null)))) {
      assertThat(window.opened()).isEqualTo(relapse);
      assertThat(window.suspectFrom()).isEqualTo(relapse.minusSeconds(120));
      assertThat(window.to()).isEqualTo(relapse.plusSeconds(60));
      assertThat(window.quietTo())
          .isBetween(Samples.OPENED.minusSeconds(121), Samples.OPENED.minusSeconds(120));
      assertThat(window.quietFrom()).isEqualTo(window.quietTo().minusSeconds(900));
    }
    assertThat(window(9_999, signal(1_200, null)).to()).isEqualTo(relapse.plusSeconds(900));
  }

  @Test
  void whatCameFirstIsNotLookedAtForARelapseSoonAfterIt() {
    var window = window(1_260, signal(-1, 1_100L), signal(500, 900L), signal(1_184, null));

    assertThat(window.suspectFrom())
        .as("half a minute after it was over")
        .isEqualTo(Samples.OPENED.plusSeconds(1_130));
    assertThat(window.opened()).isEqualTo(Samples.OPENED.plusSeconds(1_184));
    assertThat(window.quietTo())
        .isBetween(Samples.OPENED.minusSeconds(121), Samples.OPENED.minusSeconds(120));
    assertThat(window(7_260, signal(-1, 7_100L), signal(7_184, null)).quietTo())
        .isEqualTo(Samples.OPENED.plusSeconds(7_184 - 120));
  }

  @Test
  void anotherRuleAfterAllWasOverIsARelapseHoweverSoon() {
    var window = window(1_180, signal("slow", -1, 1_100L), signal("failing", 1_119, null));

    assertThat(window.opened()).isEqualTo(Samples.OPENED.plusSeconds(1_119));
    assertThat(window.suspectFrom()).isEqualTo(window.opened());
    assertThat(window(60, signal("slow", -1, 40L), signal("failing", 30, null)).opened())
        .as("one after the other, without a break")
        .isEqualTo(Samples.OPENED.minusSeconds(1));
  }

  @Test
  void longAfterTheOpeningUsualIsWhatWasJustBeforeTheRelapse() {
    var window = window(7_260, signal(-1, 1_100L), signal(7_200, null));

    assertThat(window.quietTo()).isEqualTo(window.suspectFrom());
    assertThat(window.suspectFrom()).isEqualTo(Samples.OPENED.plusSeconds(7_080));
  }

  @Test
  void aLaterSignalOfTheSameTroubleIsNoRelapse() {
    var first = window(signal(-1, null));

    assertThat(window(signal(-1, null), signal(30, null))).isEqualTo(first);
    assertThat(window(signal(-1, 40L), signal(30, null)))
        .as("one took over from the other")
        .isEqualTo(first);
    assertThat(window(signal(-1, 20L), signal(15, 25L), signal(50, null)))
        .as("breaks of half a minute at most")
        .isEqualTo(first);
    assertThat(window(signal(-1, 40L))).as("over").isEqualTo(first);
  }

  @Test
  void aChangeLaterThanIsLookedAtIsLookedAtAsARelapseIs() {
    var goesOn = signal(-1, null);

    assertThat(changed(1_805L, 1_810, goesOn, signal(1_800, null)))
        .isEqualTo(window(1_810, signal(-1, 1_100L), signal(1_800, null)));
    assertThat(changed(1_805L, 1_825, goesOn, signal(1_800, 1_815L)))
        .as("cleared until the second look")
        .isEqualTo(window(1_825, signal(-1, 1_100L), signal(1_800, null)));
    assertThat(changed(1_799L, 1_810, goesOn, signal(1_800, null)).opened())
        .as("clocks that differ")
        .isEqualTo(Samples.OPENED.plusSeconds(1_800));
    assertThat(changed(72_005L, 72_010, goesOn, signal(2_000, null), signal(72_000, null)).opened())
        .as("what fired in between is another story")
        .isEqualTo(Samples.OPENED.plusSeconds(72_000));
  }

  @Test
  void aChangeOfTheSameTroubleIsLookedAtWithIt() {
    var signals = List.of(signal(-1, null), signal(880, null)).toArray(IncidentSignal[]::new);
    var late = changed(890L, 9_999, signals);

    assertThat(late.opened()).isEqualTo(Samples.OPENED.minusSeconds(1));
    assertThat(late.to()).isEqualTo(Samples.OPENED.plusSeconds(890 + 900));
    assertThat(changed(1_200L, 9_999, signals))
        .as("nothing fired since")
        .isEqualTo(window(9_999, signals));
  }

  @Test
  void whatFollowedTheLastChangeDoesNotCount() {
    var signals =
        List.of(signal(-1, null), signal(1_800, null), signal(7_200, null))
            .toArray(IncidentSignal[]::new);

    assertThat(changed(1_805L, 99_999, signals).to())
        .isEqualTo(Samples.OPENED.plusSeconds(1_805 + 900));
  }

  @Test
  void aRelapseBeganWithTheFirstSignalThatFiredAnew() {
    assertThat(window(1_260, signal(-1, 600L), signal(1_150, 1_195L), signal(1_200, null)).opened())
        .isEqualTo(Samples.OPENED.plusSeconds(1_150));
  }

  @Test
  void aRelapseThatIsOverIsLookedAtAsWhileItFired() {
    var asked = window(1_900, signal(-1, 600L), signal(1_200, 1_400L), signal(1_210, 1_300L));

    assertThat(asked)
        .isEqualTo(window(1_900, signal(-1, 600L), signal(1_200, null), signal(1_210, 1_300L)));
    assertThat(asked.opened()).isEqualTo(Samples.OPENED.plusSeconds(1_200));
  }

  @Test
  void whatAMergedIncidentHadOverBeforeTheOpeningIsAnotherStory() {
    var old = signal(-180, -150L);

    for (Long cleared : new @Nullable Long[] {null, 20L}) {
      assertThat(window(600, old, signal(-1, cleared))).isEqualTo(window(600, signal(-1, cleared)));
    }
    assertThat(window(600, old, signal(24, 40L)).suspectFrom())
        .as("a relapse soon after the opening")
        .isEqualTo(Samples.OPENED.plusSeconds(24 - 120));
    assertThat(window(600, signal(-180, -80L), signal(-60, 40L)).opened())
        .as("without a break it is the same one")
        .isEqualTo(Samples.OPENED.minusSeconds(180));
    assertThat(window(600, old).opened()).as("told late").isEqualTo(old.firedAt());
  }
}
