package dev.watchtower.monitor.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.monitor.RunningMonitor;
import java.time.Instant;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ObservedStatesIT extends RunningMonitor {
  @Autowired private ObservedStates states;
  @Autowired private HealthBoard board;

  @Test
  void forgetsAllButTheTargetsNamed() {
    var known = states.load();
    states.save("gone", Observed.unknown(Instant.EPOCH));
    assertThat(states.load()).containsKey("gone");

    var names = new HashSet<>(known.keySet());
    board.all().forEach(target -> names.add(target.name()));
    states.keepOnly(names);

    assertThat(states.load())
        .doesNotContainKey("gone")
        .containsKeys(known.keySet().toArray(String[]::new));
  }
}
