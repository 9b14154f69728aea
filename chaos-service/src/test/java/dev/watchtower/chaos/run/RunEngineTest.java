package dev.watchtower.chaos.run;

import static dev.watchtower.chaos.run.RunFixture.NOON;
import static dev.watchtower.chaos.run.RunFixture.aRun;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.wire.RunView.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunEngineTest {
  private final Kept kept = new Kept();
  private final Asked target = new Asked();
  private final List<State> told = new ArrayList<>();
  private final RunEngine engine = new RunEngine(kept, run -> target, run -> told.add(run.state()));

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

  /** Keeps runs in a map, and can be down. */
  private static final class Kept implements Runs {
    final Map<UUID, Run> runs = new LinkedHashMap<>();
    boolean down;
    boolean answerLost;

    @Override
    public boolean add(Run run) {
      if (answerLost) {
        runs.put(run.id(), run);
        throw new IllegalStateException("connection lost");
      }
      return runs.putIfAbsent(run.id(), run) == null;
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
    public List<Run> active() {
      return runs.values().stream().filter(Run::isActive).toList();
    }
  }

  /** Does what it is asked, and remembers it. */
  private static final class Asked implements Holder {
    final List<String> calls = new ArrayList<>();

    @Override
    public Outcome hold(Run run, Duration ttl) {
      calls.add("hold");
      return new Outcome.Done();
    }

    @Override
    public Outcome release(Run run) {
      calls.add("release");
      return new Outcome.Done();
    }
  }
}
