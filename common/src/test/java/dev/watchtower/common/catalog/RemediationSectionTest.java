package dev.watchtower.common.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watchtower.common.catalog.Remediation.Action;
import dev.watchtower.common.catalog.Remediation.Expectation;
import dev.watchtower.common.wire.IncidentState;
import dev.watchtower.common.wire.SignalKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RemediationSectionTest {
  private final CatalogParser parser = new CatalogParser(name -> null);

  @Test
  void readsPlaybooksOfEachActionWithTheirEffect() {
    var text =
        """
        version: 1
        services: [{name: a, environments: [prod]}]
        golden-signals: {error_rate: [{convention: c, expression: x}]}
        commands: [{name: warm, processes: [a], run: [bin/warm, "{pid}"], timeout: 5s}]
        playbooks:
          - name: p
            triggers: [threshold]
            services: [a]
            environments: [prod]
            states: [OPEN]
            action: command
            command: warm
            undo: warm
            risky: true
            expect: {signal: error_rate, below: 0.01, within: 45s}
          - {name: q, triggers: [anomaly], action: webhook, url: http://x, secret: s3cret, undo-url: http://y}
          - {name: r, triggers: [change], action: stop-run, dry-run: true}
        """;

    var remediation = parse(text).remediation();

    var run = remediation.playbooks().getFirst();
    assertThat(run.action()).isEqualTo(new Action.Run("warm", null, "warm"));
    assertThat(run.expect())
        .isEqualTo(new Expectation("error_rate", "<", 0.01, Duration.ofSeconds(45)));
    assertThat(run.judgedAfter()).isEqualTo(Duration.ofSeconds(45));
    assertThat(run.risky()).isTrue();
    assertThat(run.approveWithin()).isEqualTo(Duration.ofMinutes(15));
    assertThat(run.actsIn(IncidentState.OPEN)).isTrue();
    assertThat(run.actsIn(IncidentState.IDENTIFIED)).isFalse();
    assertThat(run.covers(SignalKind.THRESHOLD, "a", "prod")).isTrue();
    assertThat(run.covers(SignalKind.THRESHOLD, "a", "staging")).isFalse();
    assertThat(run.action().isOnAProcess()).isTrue();
    var hook = remediation.playbooks().get(1);
    assertThat(hook.covers(SignalKind.ANOMALY, "b", "staging")).isTrue();
    assertThat(hook.action().isOnAProcess()).isFalse();
    assertThat(hook.action().canUndo()).isTrue();
    assertThat(hook.toString()).doesNotContain("s3cret", "http://x");
    assertThat(hook.actsIn(IncidentState.RESOLVED)).isFalse();
    assertThat(remediation.playbooks().get(2).dryRun()).isTrue();
    assertThat(remediation.command("warm").orElseThrow().run()).contains("{pid}");
  }

  @Test
  void refusesPlaybooksThatDoNotSayWhatTheyDo() {
    var text =
        """
        version: 1
        services: [{name: a, environments: [prod]}, {name: b, environments: [prod]}]
        golden-signals: {error_rate: [{convention: c, expression: x}]}
        commands:
          - {name: warm, processes: [a], run: [bin/warm]}
          - {name: empty}
        playbooks:
          - {name: p, triggers: [change], action: restart, url: http://x}
          - {name: q, triggers: [change], environments: [prot], action: webhook, url: http://x}
          - {name: r, triggers: [change], action: command, command: worm}
          - {name: s, triggers: [change], action: command, command: warm, services: [a, b]}
          - {name: t, triggers: [change], action: stop-run, states: [RESOLVED], expect: {signal: error_rate}}
          - {name: u, triggers: [change], action: stop-run, expect-within: 5s, expect: {below: 1, above: 0}}
        """;

    assertThat(faults(text))
        .containsExactly(
            "f:6: commands[1].processes: expected at least one supervised process, for example [checkout]",
            "f:6: commands[1].run: expected a program and its arguments, for example [bin/warm, --all]",
            "f:8: playbooks[0].url: is for the action webhook, not restart",
            "f:9: playbooks[1].environments[0]: there is no environment 'prot'; did you mean 'prod'?",
            "f:9: playbooks[1].secret: expected a secret to sign the call with",
            "f:10: playbooks[2].command: there is no command 'worm'; did you mean 'warm'?",
            "f:11: playbooks[3].services: expected processes of the command 'warm', found 'b'",
            "f:12: playbooks[4].expect.below: expected one limit: above, at-least, below or at-most",
            "f:12: playbooks[4].states: expected states in which an incident is not over, found RESOLVED",
            "f:13: playbooks[5].expect-within: is for playbooks without 'expect', which has a 'within'",
            "f:13: playbooks[5].expect.below: expected one limit: above, at-least, below or at-most",
            "f:13: playbooks[5].expect.signal: expected a golden signal");
  }

  private Catalog parse(String text) {
    return parser.parse("f", text.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> faults(String text) {
    return catchThrowableOfType(CatalogException.class, () -> parse(text)).lines();
  }
}
