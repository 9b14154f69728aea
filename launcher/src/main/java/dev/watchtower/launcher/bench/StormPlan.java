package dev.watchtower.launcher.bench;

import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.common.wire.SignalStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * What a storm of alerts is made of: clusters of three services that call one another (front → mid
 * → back), in each of which everything that can be watched goes wrong, in a mixed order from a
 * seed.
 *
 * @param clusters how many clusters fail
 * @param signals how many signals come, every one of another fingerprint
 */
public record StormPlan(int clusters, int signals) {
  private static final String ENV = "bench";
  private static final List<String> TIERS = List.of("front", "mid", "back");
  private static final long SEED = 20260202;

  /** Their catalog as YAML; {@code discord} is the webhook's address. */
  public String catalog(String discord) {
    var text = new StringBuilder("version: 1\nservices:\n");
    for (int i = 0; i < clusters; i++) {
      text.append(
          """
            - {name: c%1$d-front, environments: [%2$s], dependencies: [c%1$d-mid]}
            - {name: c%1$d-mid, environments: [%2$s], dependencies: [c%1$d-back]}
            - {name: c%1$d-back, environments: [%2$s]}
          """
              .formatted(i, ENV));
    }
    return text.append(
            """
            notifications:
              channels: [{name: discord, kind: discord, url: "%s"}]
              routes: [{channel: discord}]
            """
                .formatted(discord))
        .toString();
  }

  /** The signals in the order in which they are sent. */
  public List<Signal> signalsAt(Instant at) {
    var all = new ArrayList<Signal>(signals);
    for (int i = 0; i < signals; i++) {
      int cluster = i % clusters;
      int within = i / clusters;
      var service = "c" + cluster + "-" + TIERS.get(within % TIERS.size());
      var rule = "rule-" + within / TIERS.size();
      all.add(
          new Signal(
              new UUID(SEED, i),
              rule + "|" + service,
              SignalKind.THRESHOLD,
              SignalStatus.FIRING,
              rule,
              service,
              ENV,
              Severity.SEV2,
              "Too many requests fail",
              at,
              null,
              null));
    }
    Collections.shuffle(all, new Random(SEED));
    return all;
  }
}
