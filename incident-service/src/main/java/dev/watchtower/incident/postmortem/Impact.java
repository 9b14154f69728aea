package dev.watchtower.incident.postmortem;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What an incident cost, from telemetry.
 *
 * @param budgets the error budgets of the services that it touched
 * @param signals the golden signals of the service that it is about
 */
public record Impact(List<Budget> budgets, List<Golden> signals) {
  /** Nothing is to be measured. */
  public static final Impact NONE = new Impact(List.of(), List.of());

  public Impact {
    budgets = List.copyOf(budgets);
    signals = List.copyOf(signals);
  }

  /**
   * Where and when to look.
   *
   * @param service the one that the incident is about
   * @param touched that one, those with signals in it, and those that call them
   * @param from when the first signal fired
   * @param to when users were no longer affected, after {@code from}
   */
  public record Span(String service, Set<String> touched, String env, Instant from, Instant to) {
    public Span {
      touched = Set.copyOf(touched);
      if (!from.isBefore(to)) {
        throw new IllegalArgumentException(from + " is not before " + to);
      }
    }
  }

  /** A figure, or why there is none. */
  public sealed interface Figure {
    /** Measured. */
    record Known(double value) implements Figure {}

    /** Not known, in a few words for people. */
    record Unknown(String why) implements Figure {}
  }

  /**
   * What of an error budget the incident spent.
   *
   * @param title of the objective
   * @param objective per cent
   * @param days of the period
   * @param spent the part of the period's budget that was spent in the span; 1 is all of it
   * @param left what is left of it now; below 0 is overspent
   * @param badShare of what happened in the span, how much was bad; 1 is all
   */
  public record Budget(
      String title, double objective, long days, Figure spent, Figure left, Figure badShare) {}

  /**
   * A golden signal.
   *
   * @param name as in the catalog
   * @param worst the highest in the span
   * @param before the mean of the hour before it
   */
  public record Golden(String name, Figure worst, Figure before) {}

  /** Where it is measured: outside of transactions, within a bounded time. Thread-safe. */
  @FunctionalInterface
  public interface Source {
    /** The impact; what cannot be measured is unknown. Throws nothing. */
    Impact measure(Span span);
  }
}
