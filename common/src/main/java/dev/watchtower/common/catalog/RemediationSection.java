package dev.watchtower.common.catalog;

import static dev.watchtower.common.catalog.CatalogSections.ALL;
import static dev.watchtower.common.catalog.CatalogSections.HOLD;
import static dev.watchtower.common.catalog.CatalogSections.words;
import static dev.watchtower.common.catalog.Kind.TEXT;

import dev.watchtower.common.catalog.Remediation.Action;
import dev.watchtower.common.catalog.Remediation.Command;
import dev.watchtower.common.catalog.Remediation.Expectation;
import dev.watchtower.common.catalog.Remediation.Playbook;
import dev.watchtower.common.catalog.Section.NameSpace;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.SignalKind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The reader of {@code playbooks} and {@code commands}. */
final class RemediationSection {
  private static final Kind<Duration> WITHIN =
      Kind.duration(Duration.ofSeconds(1), Duration.ofHours(1));
  private static final Kind<Double> NUMBER = Kind.number(-Double.MAX_VALUE, Double.MAX_VALUE);
  private static final Kind<Boolean> FORMAT = Kind.word(Map.of("cloudevents", true, "json", false));
  private static final Map<String, String> COMPARISONS = comparisons();

  /** Signs what is sent; never repeated in messages. */
  private static final Kind<String> SECRET =
      new Kind<>("a secret", t -> Optional.of(t.strip()), "", true, Map.of("type", "string"));

  /** The keys that belong to one action only. */
  private static final Map<String, List<String>> KEYS =
      Map.of(
          "restart", List.of(),
          "stop-run", List.of(),
          "webhook", List.of("url", "secret", "format", "undo-url"),
          "command", List.of("command", "process", "undo"));

  private RemediationSection() {}

  static Remediation remediation(Section s) {
    var commands = s.sections("commands", RemediationSection::command);
    var playbooks = s.sections("playbooks", p -> playbook(p, commands));
    return new Remediation(playbooks, commands);
  }

  private static Command command(Section s) {
    var name = s.declare("name", NameSpace.COMMAND);
    var processes = s.list("processes", Kind.NAMED, List.of());
    if (processes.isEmpty()) {
      s.fault("processes", "expected at least one supervised process, for example [checkout]");
    }
    var run = s.list("run", TEXT, List.of());
    if (run.isEmpty()) {
      s.fault("run", "expected a program and its arguments, for example [bin/warm, --all]");
    }
    return new Command(
        name,
        processes,
        run,
        s.orElse(
            "timeout",
            Kind.duration(Duration.ofSeconds(1), Duration.ofSeconds(20)),
            Duration.ofSeconds(10)));
  }

  private static Playbook playbook(Section s, List<Command> commands) {
    var name = s.declare("name", NameSpace.PLAYBOOK);
    var triggers = s.list("triggers", words(SignalKind.values(), Kind::word), List.of());
    if (triggers.isEmpty()) {
      s.fault("triggers", "expected at least one kind of signal, for example [service-down]");
    }
    var services = s.referAll("services", NameSpace.SERVICE, ALL);
    var environments = s.referAll("environments", NameSpace.ENVIRONMENT, List.of());
    var states = s.list("states", words(IncidentState.values(), Enum::name), List.of());
    if (states.contains(IncidentState.RESOLVED)) {
      s.fault("states", "expected states in which an incident is not over, found RESOLVED");
    }
    var action = action(s, services, commands);
    return new Playbook(
        name,
        triggers,
        services,
        environments,
        states,
        action,
        s.orElse("cooldown", HOLD, Duration.ofMinutes(1)),
        s.orElse("limit-per-hour", Kind.whole(1, 1_000), 6),
        s.orElse("expect-within", WITHIN, Duration.ofSeconds(30)),
        expectation(s),
        s.orElse("dry-run", Kind.FLAG, false),
        s.orElse("risky", Kind.FLAG, false),
        s.orElse(
            "approve-within",
            Kind.duration(Duration.ofSeconds(10), Duration.ofDays(1)),
            Duration.ofMinutes(15)));
  }

  private static Action action(Section s, List<String> services, List<Command> commands) {
    var url = s.optional("url", Kind.SECRET_ADDRESS);
    var secret = s.optional("secret", SECRET);
    boolean cloudEvents = s.orElse("format", FORMAT, true);
    var undoUrl = s.optional("undo-url", Kind.SECRET_ADDRESS);
    var command = s.referOptional("command", NameSpace.COMMAND);
    var process = s.optional("process", Kind.NAMED);
    var undo = s.referOptional("undo", NameSpace.COMMAND);
    // After a fault the sample is read: restart, whose keys are none, would bring more of them.
    var word =
        s.required(
            "action",
            Kind.word(
                    Map.of(
                        "restart",
                        "restart",
                        "stop-run",
                        "stop-run",
                        "webhook",
                        "webhook",
                        "command",
                        "command"))
                .withSample(""));
    KEYS.forEach((other, keys) -> {
      if (!other.equals(word) && !word.isEmpty()) {
        keys.stream()
            .filter(s::has)
            .forEach(key -> s.fault(key, "is for the action " + other + ", not " + word));
      }
    });
    return switch (word) {
      case "stop-run" -> new Action.StopRun();
      case "webhook" -> {
        if (url == null) {
          s.fault("url", "expected the address that the webhook calls");
        } else if (!url.isEmpty() && (secret == null || secret.isEmpty())) {
          s.fault("secret", "expected a secret to sign the call with");
        }
        yield new Action.Webhook(
            url == null ? "" : url, secret == null ? "" : secret, cloudEvents, undoUrl);
      }
      case "command" -> {
        if (command == null) {
          s.fault("command", "expected the name of a command of this catalog");
        }
        for (var used : new String[] {command, undo}) {
          checkProcesses(s, used, process, services, commands);
        }
        yield new Action.Run(command == null ? "" : command, process, undo);
      }
      default -> new Action.Restart();
    };
  }

  private static void checkProcesses(
      Section s,
      @Nullable String used,
      @Nullable String process,
      List<String> services,
      List<Command> commands) {
    var found = commands.stream().filter(c -> c.name().equals(used)).findFirst();
    var beside = process == null ? services : List.of(process);
    found.ifPresent(command ->
        beside.stream()
            .filter(p -> !command.processes().contains(p))
            .findFirst()
            .ifPresent(p ->
                s.fault(
                    process == null ? "services" : "process",
                    "expected processes of the command '%s', found '%s'"
                        .formatted(command.name(), p))));
  }

  private static @Nullable Expectation expectation(Section s) {
    boolean there = s.has("expect");
    var read = s.section("expect", e -> expected(e, there));
    if (there && s.has("expect-within")) {
      s.fault("expect-within", "is for playbooks without 'expect', which has a 'within'");
    }
    return read.orElse(null);
  }

  // An absent section is read too, so that the schema knows its keys.
  private static Optional<Expectation> expected(Section s, boolean there) {
    var signal = s.referOptional("signal", NameSpace.SIGNAL);
    var within = s.orElse("within", WITHIN, Duration.ofSeconds(60));
    String comparison = null;
    double value = 0;
    int limits = 0;
    for (var key : COMPARISONS.entrySet()) {
      var limit = s.optional(key.getKey(), NUMBER);
      if (limit != null) {
        comparison = key.getValue();
        value = limit;
        limits++;
      }
    }
    if (there && signal == null) {
      s.fault("signal", "expected a golden signal");
    }
    if (there && limits != 1) {
      s.fault("below", "expected one limit: above, at-least, below or at-most");
    }
    return signal == null || comparison == null
        ? Optional.empty()
        : Optional.of(new Expectation(signal, comparison, value, within));
  }

  private static Map<String, String> comparisons() {
    var comparisons = new LinkedHashMap<String, String>();
    comparisons.put("above", ">");
    comparisons.put("at-least", ">=");
    comparisons.put("below", "<");
    comparisons.put("at-most", "<=");
    return comparisons;
  }
}
