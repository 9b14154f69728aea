package dev.watchtower.incident.postmortem;

import dev.watchtower.common.wire.CauseVerdict;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What people said of the causes that the analysis named.
 *
 * @param all in their order
 * @param unknown why they are not known, in a few words; null when they are
 */
public record Verdicts(List<CauseVerdict> all, @Nullable String unknown) {
  /** Nobody said anything. */
  public static final Verdicts NONE = new Verdicts(List.of(), null);

  public Verdicts {
    all = List.copyOf(all);
  }

  /** Not known, and why. */
  public static Verdicts unknown(String why) {
    return new Verdicts(List.of(), why);
  }

  /** Where they are asked: outside of transactions, within a bounded time. Thread-safe. */
  @FunctionalInterface
  public interface Source {
    /** The verdicts on an incident's analyses. Throws nothing. */
    Verdicts of(UUID incident);
  }
}
