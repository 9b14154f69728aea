package dev.watchtower.chaos.run;

import static dev.watchtower.chaos.run.RunFixture.NOON;
import static dev.watchtower.chaos.run.RunFixture.aRun;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.wire.RunView.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RunEngineTest {
  private final Kept kept = new Kept();
  private final Asked target = new Asked();
  private final List<State> told = new ArrayList<>();
  private long nanos;
  private final RunEngine engine =
      new RunEngine(kept, run -> target, run -> told.add(run.state()), () -> nanos);

  @Test
  void holdsRenewsAndLetsGo() {
    var run = aRun();
    engine.begin(run);

    engine.step(run.id(), NOON);
    engine.step(run.id(), NOON.plusSeconds(1));
    engine.step(run.id(), run.endsAt());

    assertThat(target.calls).containsExactly("hold", "hold", "release");
    assertThat(told).containsExactly(State.STARTING, State.RUNNING, State.ENDED);
    assertThat(engine.ids()).isEmpty();
  }

  @Test
  void aClockThatIsPutBackMakesNoFaultLastLonger() {
    var run = aRun();
    engine.begin(run);
    engine.step(run.id(), NOON);
    var anHourAgo = NOON.minus(Duration.ofHours(1));
    var lasts = Duration.between(run.startedAt(), run.endsAt());

    nanos = lasts.minusSeconds(1).toNanos();
    engine.step(run.id(), anHourAgo.plus(lasts.minusSeconds(1)));
    assertThat(target.calls).containsExactly("hold", "hold");
    nanos = lasts.toNanos();
    engine.step(run.id(), anHourAgo.plus(lasts));

    assertThat(target.calls).containsExactly("hold", "hold", "release");
    assertThat(engine.ids()).isEmpty();
  }

  @Test
  void letsGoAtOnceOfAFaultWhoseBeginningWasNeverConfirmed() {
    var run = aRun();
    engine.begin(run);
    target.answer = new Holder.Outcome.NoAnswer("read timed out");

    engine.step(run.id(), NOON);
    engine.step(run.id(), NOON.plusSeconds(5));

    assertThat(target.calls).containsExactly("hold", "hold", "release");
    assertThat(kept.runs.get(run.id()).state()).isEqualTo(State.FAILED);
    assertThat(engine.ids()).isEmpty();
  }

  @Test
  void stopsWhenAsked() {
    var run = aRun();
    engine.begin(run);
    engine.step(run.id(), NOON);

    assertThat(engine.endAll("all stopped by ann")).containsExactly(run.id());
    engine.step(run.id(), NOON.plusSeconds(1));

    assertThat(target.calls).containsExactly("hold", "release");
    assertThat(kept.runs.get(run.id()).endReason()).isEqualTo("all stopped by ann");
    assertThat(engine.end(run.id(), "again")).isFalse();
  }

  @Test
  void endsARunThatAnotherHolds() {
    var run = aRun();
    engine.begin(run);
    engine.step(run.id(), NOON);
    var another = new RunEngine(kept, _ -> target, _ -> {}, () -> nanos);

    assertThat(another.end(run.id(), "stopped by ann")).isFalse();
    assertThat(another.takeOver(run.id(), "stopped by ann", NOON)).isTrue();
    another.step(run.id(), NOON);
    assertThat(target.calls).containsExactly("hold", "release");

    target.answer = new Holder.Outcome.Over();
    engine.step(run.id(), NOON.plusSeconds(1));
    engine.step(run.id(), NOON.plusSeconds(2));
    assertThat(engine.ids()).isEmpty();
    assertThat(another.takeOver(run.id(), "again", NOON)).as("it is over").isFalse();
  }

  @Test
  void letsGoWhenItCannotKeepItsRecordsAndKeepsThemLater() {
    var run = aRun();
    engine.begin(run);
    kept.down = true;
    engine.step(run.id(), NOON);
    engine.step(run.id(), NOON.plusSeconds(1));

    assertThat(target.calls).containsExactly("hold", "release");
    assertThat(engine.ids()).containsExactly(run.id());
    kept.down = false;
    engine.step(run.id(), NOON.plusSeconds(2));

    assertThat(kept.runs.get(run.id()).state()).isEqualTo(State.ENDED);
    assertThat(engine.ids()).isEmpty();
    assertThat(target.calls).hasSize(2);
  }

  @Test
  void endsTheRunsThatWereActiveBeforeARestart() {
    var run = aRun().confirmed(NOON);
    kept.runs.put(run.id(), run);

    engine.recover(NOON.plusSeconds(9));
    engine.recover(NOON.plusSeconds(10));
    engine.step(run.id(), NOON.plusSeconds(10));

    assertThat(target.calls).containsExactly("release");
    assertThat(kept.runs.get(run.id()).state()).isEqualTo(State.ENDED);
    assertThat(kept.runs.get(run.id()).endReason()).startsWith("nobody held it");
  }

  @Test
  void endsARunThatWasKeptAlthoughNobodySaidSo() {
    engine.recover(NOON);
    var run = aRun();
    kept.answerLost = true;

    assertThatThrownBy(() -> engine.begin(run)).isInstanceOf(IllegalStateException.class);
    engine.recover(NOON.plusSeconds(1));
    engine.step(run.id(), NOON.plusSeconds(1));

    assertThat(kept.runs.get(run.id()).state()).isEqualTo(State.ENDED);
    assertThat(target.calls).doesNotContain("hold");
  }

  @Test
  void stopsWhileTheRunsOfBeforeAreBeingRead() throws Exception {
    var run = aRun();
    engine.begin(run);
    kept.heldUp = new CountDownLatch(1);
    var recovery = Thread.ofVirtual().start(() -> engine.recover(NOON));
    assertThat(kept.reading.await(5, TimeUnit.SECONDS)).isTrue();

    var stopped = CompletableFuture.supplyAsync(() -> engine.endAll("all stopped by ann"));

    assertThat(stopped.get(5, TimeUnit.SECONDS)).containsExactly(run.id());
    engine.step(run.id(), NOON);
    kept.heldUp.countDown();
    recovery.join();
    assertThat(engine.ids()).as("it ended while the runs were read").isEmpty();
    assertThat(kept.runs.get(run.id()).endReason()).isEqualTo("all stopped by ann");
  }

  @Test
  void readsTheRunsAgainIfOneWasPerhapsKeptWhileTheyWereRead() throws Exception {
    kept.heldUp = new CountDownLatch(1);
    var recovery = Thread.ofVirtual().start(() -> engine.recover(NOON));
    assertThat(kept.reading.await(5, TimeUnit.SECONDS)).isTrue();
    var run = aRun();
    kept.answerLost = true;
    var refused = CompletableFuture.supplyAsync(() -> engine.begin(run));
    assertThatThrownBy(() -> refused.get(5, TimeUnit.SECONDS))
        .hasCauseInstanceOf(IllegalStateException.class);
    kept.heldUp.countDown();
    recovery.join();
    assertThat(engine.ids()).isEmpty();

    engine.recover(NOON.plusSeconds(1));

    assertThat(engine.ids()).containsExactly(run.id());
  }

  @Test
  void readsTheRunsAgainWhenTheyCouldNotBeRead() {
    var run = aRun();
    kept.runs.put(run.id(), run);
    kept.down = true;
    assertThatThrownBy(() -> engine.recover(NOON)).isInstanceOf(IllegalStateException.class);
    kept.down = false;

    engine.recover(NOON.plusSeconds(1));

    assertThat(engine.ids()).containsExactly(run.id());
  }

  @Test
  void doesNotTakeOverARunThatIsJustBeginning() {
    var run = aRun();
    kept.whenAdded = () -> engine.recover(NOON);
    engine.begin(run);

    engine.step(run.id(), NOON);

    assertThat(target.calls).containsExactly("hold");
  }

  /** Keeps runs in a map; can be down, and can be slow to tell of them. */
  private static final class Kept implements Runs {
    final Map<UUID, Run> runs = new ConcurrentHashMap<>();
    boolean down;
    boolean answerLost;
    Runnable whenAdded = () -> {};
    final CountDownLatch reading = new CountDownLatch(1);
    volatile CountDownLatch heldUp = new CountDownLatch(0);

    @Override
    public boolean add(Run run) {
      if (answerLost) {
        runs.put(run.id(), run);
        throw new IllegalStateException("connection lost");
      }
      boolean added = runs.putIfAbsent(run.id(), run) == null;
      whenAdded.run();
      return added;
    }

    @Override
    public void update(Run run) {
      if (down) {
        throw new IllegalStateException("down");
      }
      runs.put(run.id(), run);
    }

    @Override
    public Optional<Run> find(UUID id) {
      return Optional.ofNullable(runs.get(id));
    }

    @Override
    public List<Run> newest(int limit) {
      return List.copyOf(runs.values());
    }

    @Override
    public int remove(Instant before, int most) {
      // None is ever that old here.
      return 0;
    }

    @Override
    public List<Run> active() {
      if (down) {
        throw new IllegalStateException("down");
      }
      var found = runs.values().stream().filter(Run::isActive).toList();
      reading.countDown();
      try {
        heldUp.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return found;
    }
  }

  /** Does what it is asked, and remembers it. */
  private static final class Asked implements Holder {
    final List<String> calls = new ArrayList<>();
    Outcome answer = new Outcome.Done();

    @Override
    public Outcome hold(Run run, Duration ttl) {
      calls.add("hold");
      return answer;
    }

    @Override
    public Outcome release(Run run) {
      calls.add("release");
      return answer;
    }
  }
}
