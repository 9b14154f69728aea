package dev.watchtower.incident.remediation;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.watchtower.common.catalog.Remediation.Action;
import dev.watchtower.common.catalog.Remediation.Expectation;
import dev.watchtower.common.wire.IncidentView.IncidentSignal;
import dev.watchtower.common.wire.Signal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One use of a playbook: a line of the remediation log.
 *
 * @param seq rises with every line
 * @param number the incident's number
 * @param reason how it ended, in words
 */
public record Repair(
    UUID id,
    long seq,
    UUID incident,
    long number,
    String env,
    @JsonUnwrapped Order order,
    State state,
    @Nullable String reason,
    @JsonUnwrapped Times times,
    @JsonUnwrapped Result result) {

  /** Where it stands. */
  public enum State {
    PLANNED,
    /** A person has to say yes or no. */
    AWAITING_APPROVAL,
    /** It is being done. */
    RUNNING,
    /** Done; whether it helped is not known yet. */
    CHECKING,
    SUCCEEDED,
    /** It could not be done, or did not help. */
    FAILED,
    /** Done, and nobody can say whether it helped. */
    UNVERIFIED,
    /** Not done; the reason says why. */
    SKIPPED,
    /** A person said no. */
    REJECTED,
    /** Nobody said yes in time. */
    EXPIRED
  }

  /** Whether what was expected of it was seen. */
  public enum Effect {
    PENDING,
    MET,
    NOT_MET,
    /** Nothing was done, or nobody can say. */
    UNKNOWN
  }

  /**
   * What is to be done and why.
   *
   * @param action its word in the catalog
   * @param command that of the catalog which is run; null for another action
   * @param service the service for which it is done
   * @param target what it acts on: the supervised process for {@code restart} and {@code command},
   *     else the service
   * @param fingerprint of the signal that started it
   * @param trigger that signal in words
   * @param expected what must be seen afterwards; null: after a restart that the process is
   *     healthy, else that the signal cleared
   */
  public record Order(
      String playbook,
      String action,
      @Nullable String command,
      String service,
      String target,
      String fingerprint,
      String trigger,
      boolean dryRun,
      boolean risky,
      @Nullable Expected expected) {
    /** Whether it acts on a supervised process, which is one for all environments. */
    public boolean actsOnAProcess() {
      return action.equals("restart") || action.equals("command");
    }

    /**
     * Whether it is what an action does for the service. A line of old does not say its command.
     */
    boolean isFor(Action now) {
      return now.word().equals(action)
          && targetOf(now, service).equals(target)
          && (command == null || command.equals(commandOf(now)));
    }

    /** What an action for the service acts on: the process that it names, else the service. */
    public static String targetOf(Action action, String service) {
      return action instanceof Action.Run run && run.process() != null ? run.process() : service;
    }

    static @Nullable String commandOf(Action action) {
      return action instanceof Action.Run run ? run.command() : null;
    }
  }

  /**
   * An expected effect as readers see it.
   *
   * @param within as in the catalog, for example {@code 60s}
   */
  public record Expected(String signal, String comparison, double value, String within) {
    /** What the catalog expects. */
    public static Expected of(Expectation expectation) {
      return new Expected(
          expectation.signal(),
          expectation.comparison(),
          expectation.value(),
          expectation.within().toSeconds() + "s");
    }

    /** Whether a value is as expected. */
    public boolean holds(double actual) {
      return Expectation.compare(actual, comparison, value);
    }

    /** In words: {@code error_rate < 0.01 within 60s}. */
    @Override
    public String toString() {
      return "%s %s %s within %s".formatted(signal, comparison, value, within);
    }
  }

  /**
   * When what happened.
   *
   * @param approveBy until when a person may approve it
   * @param checkBy until when the effect must be seen
   */
  public record Times(
      Instant plannedAt,
      @Nullable Instant approveBy,
      @Nullable Instant startedAt,
      @Nullable Instant checkBy,
      @Nullable Instant endedAt) {}

  /**
   * What came of it.
   *
   * @param before the expected signal's value before it
   * @param after the last value after it
   * @param outcome what the action itself answered
   * @param decidedBy the person who approved or rejected it
   * @param undo how taking it back went; null where it was not tried
   */
  public record Result(
      @Nullable Double before,
      @Nullable Double after,
      Effect effect,
      @Nullable String outcome,
      @Nullable String decidedBy,
      @Nullable Undo undo) {}

  /**
   * How taking it back went.
   *
   * @param state RUNNING, DONE or FAILED
   */
  public record Undo(String state, @Nullable String outcome) {}

  /** A signal that asks for a repair, in words. */
  static String triggerOf(IncidentSignal signal) {
    return Signal.named(signal.rule(), signal.summary());
  }

  /** The action and what it acts on. */
  public String what() {
    var command = order.command();
    return order.action() + (command == null ? " " : " " + command + " on ") + order.target();
  }

  /** The repair in one line. */
  public String summary() {
    var word =
        switch (state) {
          case PLANNED -> "planned";
          case AWAITING_APPROVAL -> "waits for a person's approval";
          case RUNNING, CHECKING -> "under way";
          case SUCCEEDED -> "succeeded";
          case FAILED -> "failed";
          case UNVERIFIED -> "done, effect unknown";
          case SKIPPED -> "not done";
          case REJECTED -> "rejected";
          case EXPIRED -> "not approved in time";
        };
    var line = what() + ": " + word;
    return reason == null ? line : line + " (" + reason + ")";
  }
}
