package dev.watchtower.ingest.storage;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How many samples were refused, by reason, with one example of each. Not thread-safe. */
public final class Refusals {
  private static final Refusal[] REASONS = Refusal.values();

  private final long[] counts = new long[REASONS.length];
  private final @Nullable String[] examples = new @Nullable String[REASONS.length];

  /** Counts refused samples; the first example of a reason is kept. */
  public void add(Refusal reason, long samples, String example) {
    counts[reason.ordinal()] += samples;
    if (examples[reason.ordinal()] == null) {
      examples[reason.ordinal()] = example;
    }
  }

  /** Adds those of another. */
  public void addAll(Refusals other) {
    for (var reason : REASONS) {
      var example = other.examples[reason.ordinal()];
      if (example != null) {
        add(reason, other.counts[reason.ordinal()], example);
      }
    }
  }

  /** Samples refused for one reason. */
  public long count(Refusal reason) {
    return counts[reason.ordinal()];
  }

  /** Samples refused in all. */
  public long total() {
    return Arrays.stream(counts).sum();
  }

  /** One line for people: how many for which reason, with an example each; empty for none. */
  public String describe() {
    var text = new StringBuilder();
    for (var reason : REASONS) {
      var example = examples[reason.ordinal()];
      if (example != null) {
        text.append(text.isEmpty() ? "" : "; ");
        text.append(counts[reason.ordinal()]).append(" refused (").append(reason.text());
        text.append("): ").append(example);
      }
    }
    return text.toString();
  }
}
