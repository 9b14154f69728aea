package dev.watchtower.incident.escalation;

import dev.watchtower.common.wire.Actor;
import dev.watchtower.common.wire.TimelineKind;
import dev.watchtower.incident.timeline.Draft;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;

/** What the timeline says about an escalation. */
final class EscalationEntries {
  private final EscalationState state;
  private final Actor actor;
  private final Instant now;

  EscalationEntries(EscalationState state, Instant now) {
    this.state = state;
    this.actor = Actor.policy("escalation");
    this.now = now;
  }

  Draft told(List<String> people, List<String> channels, int of) {
    var data = data("TOLD");
    data.put("people", people);
    data.put("channels", channels);
    return draft(
        "Escalated to %s on %s (step %d of %d%s)"
            .formatted(
                String.join(", ", people),
                String.join(", ", channels),
                state.step() + 1,
                of,
                state.round() == 0 ? "" : ", round " + (state.round() + 1)),
        data);
  }

  Draft nobody(String why) {
    var data = data("NOBODY");
    data.put("reason", why);
    return draft(
        "Nobody could be told in step %d of the escalation: %s".formatted(state.step() + 1, why),
        data);
  }

  Draft exhausted() {
    return draft("All steps of the escalation were done, and nobody took it up", data("EXHAUSTED"));
  }

  Draft atOnce(String why) {
    var data = data("AT_ONCE");
    data.put("reason", why);
    return draft("Escalating at once: " + why, data);
  }

  Draft stopped(String why) {
    return draft("The escalation stopped: " + why, data("STOPPED"));
  }

  Draft again(String why) {
    return draft("Escalating again: " + why, data("AGAIN"));
  }

  Draft byPolicy(String before) {
    var data = data("POLICY");
    data.put("before", before);
    return draft(
        "Escalating now by policy '%s', no longer by '%s'".formatted(state.policy(), before), data);
  }

  Draft handedOver(long number) {
    var data = data("HANDED_OVER");
    data.put("number", number);
    return draft(
        "Goes on with the escalation of #%d, which this one took in".formatted(number), data);
  }

  Draft sooner(long number) {
    var data = data("SOONER");
    data.put("number", number);
    return draft("Escalates when #%d would have, which this one took in".formatted(number), data);
  }

  Draft muted(String why) {
    return draft("Not escalated: muted by " + why, data("MUTED"));
  }

  private Draft draft(String summary, LinkedHashMap<String, Object> data) {
    return new Draft(now, TimelineKind.ESCALATION, actor, summary, data);
  }

  private LinkedHashMap<String, Object> data(String result) {
    var data = new LinkedHashMap<String, Object>();
    data.put("policy", state.policy());
    data.put("step", state.step() + 1);
    data.put("round", state.round() + 1);
    data.put("result", result);
    return data;
  }
}
