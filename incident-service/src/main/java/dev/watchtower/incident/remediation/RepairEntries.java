package dev.watchtower.incident.remediation;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.timeline.Draft;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Repairs as timeline entries. */
final class RepairEntries {
  private RepairEntries() {}

  static Draft started(Repair repair, Optional<Double> before, Instant now) {
    var data = data(repair, "STARTED");
    before.ifPresent(value -> data.put("before", value));
    var expected = repair.order().expected();
    return draft(
        repair,
        "%s: started%s".formatted(repair.what(), expected == null ? "" : "; expected: " + expected),
        data,
        now);
  }

  static Draft asked(Repair repair, Instant until, Instant now) {
    var data = data(repair, "AWAITING_APPROVAL");
    data.put("approveBy", until.toString());
    return draft(
        repair, repair.what() + ": waits for a person's approval until " + until, data, now);
  }

  /** Of one that waits for a person still, but for another signal. */
  static Draft passedOn(Repair repair, Instant now) {
    return draft(
        repair,
        "%s: what asks for it now is %s".formatted(repair.what(), repair.order().trigger()),
        data(repair, "PASSED_ON"),
        now);
  }

  static Draft decided(Repair repair, boolean approved, String comment, Actor person, Instant now) {
    var data = data(repair, approved ? "APPROVED" : "REJECTED");
    if (!comment.isEmpty()) {
      data.put("comment", comment);
    }
    return new Draft(
        now,
        TimelineKind.REMEDIATION,
        person,
        "%s: %s by %s%s"
            .formatted(
                repair.what(),
                approved ? "approved" : "rejected",
                person.name(),
                comment.isEmpty() ? "" : " (" + comment + ")"),
        data);
  }

  static Draft ended(Repair repair, Instant now) {
    var data = data(repair, repair.state().name());
    var result = repair.result();
    data.put("effect", result.effect().name());
    put(data, "reason", repair.reason());
    put(data, "answer", result.outcome());
    put(data, "before", result.before());
    put(data, "after", result.after());
    put(data, "approvedBy", result.decidedBy());
    var started = repair.times().startedAt();
    if (started != null) {
      data.put("durationMillis", Duration.between(started, now).toMillis());
    }
    return draft(repair, repair.summary(), data, now);
  }

  static Draft undone(Repair repair, boolean done, String outcome, Instant now) {
    var data = data(repair, done ? "UNDONE" : "UNDO_FAILED");
    data.put("answer", outcome);
    return draft(
        repair,
        done
            ? "%s: taken back (%s)".formatted(repair.what(), outcome)
            : "%s: could not be taken back (%s)".formatted(repair.what(), outcome),
        data,
        now);
  }

  private static void put(LinkedHashMap<String, Object> data, String key, @Nullable Object value) {
    if (value != null) {
      data.put(key, value);
    }
  }

  private static Draft draft(
      Repair repair, String summary, LinkedHashMap<String, Object> data, Instant now) {
    return new Draft(
        now, TimelineKind.REMEDIATION, Actor.policy(repair.order().playbook()), summary, data);
  }

  private static LinkedHashMap<String, Object> data(Repair repair, String outcome) {
    var order = repair.order();
    var inputs = new LinkedHashMap<String, Object>();
    inputs.put("process", order.target());
    put(inputs, "command", order.command());
    inputs.put("service", order.service());
    inputs.put("trigger", order.trigger());
    if (order.expected() != null) {
      inputs.put("expected", order.expected().toString());
    }
    var data = new LinkedHashMap<String, Object>();
    data.put("remediation", repair.id().toString());
    data.put("playbook", order.playbook());
    data.put("action", order.action());
    data.put("inputs", inputs);
    data.put("outcome", outcome);
    return data;
  }
}
