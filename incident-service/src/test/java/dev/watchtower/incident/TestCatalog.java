package dev.watchtower.incident;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the catalog of the tests has besides the published one. */
final class TestCatalog {
  /** {@code esc-1…}: covered by escalation policies. {@code gN-front → gN-mid → gN-back}. */
  static final String SERVICES =
      IntStream.rangeClosed(1, 26)
              .mapToObj(i -> "  - {name: esc-%d, environments: [prod]}\n".formatted(i))
              .collect(Collectors.joining())
          + "  - {name: esc-nobody, environments: [prod]}\n"
          + "  - {name: worse, environments: [prod]}\n"
          + "  - {name: tier-4, tier: 4, environments: [prod]}\n"
          + IntStream.rangeClosed(1, 9)
              .mapToObj(i -> "  - {name: pub-%d, environments: [prod]}\n".formatted(i))
              .collect(Collectors.joining())
          + IntStream.rangeClosed(1, 63)
              .mapToObj(i -> "  - {name: fix-%d, environments: [prod]}\n".formatted(i))
              .collect(Collectors.joining())
          + "  - {name: measured, environments: [prod]}\n"
          + star("star", 20)
          + star("hub", 20)
          + star("duo", 2)
          + star("late", 5)
          + star("busy", 2)
          + star("heir", 2)
          + star("kept", 2)
          + "  - {name: fix-caller, environments: [prod], dependencies: [fix-callee]}\n"
          + "  - {name: fix-callee, environments: [prod]}\n"
          + IntStream.rangeClosed(1, 26)
              .mapToObj(i ->
                  """
                    - {name: g%1$d-front, environments: [prod], dependencies: [g%1$d-mid]}
                    - {name: g%1$d-mid, environments: [prod], dependencies: [g%1$d-back]}
                    - {name: g%1$d-back, environments: [prod]}
                  """
                      .formatted(i))
              .collect(Collectors.joining())
          + IntStream.rangeClosed(1, 30)
              .mapToObj(i -> "  - {name: all-%d, environments: [prod]}\n".formatted(i))
              .collect(Collectors.joining())
          + "  - {name: lab-none, environments: [lab]}\n"
          + "  - {name: lab-unset, environments: [lab]}\n"
          + "  - {name: lab-hours, environments: [lab]}\n";

  /** The routes of the published catalog, for {@code prod} only: {@code lab} has its own. */
  static final String DISCORD_ROUTE = "    - {channel: discord, environments: [prod]}";

  /** Besides Discord: what {@code all-1…}, {@code g20-front} and {@code lab-…} are told to. */
  static String channels(String hook, String chat, int smtpPort, String publicKey) {
    return """
        - {name: hook, kind: webhook, url: "%s", secret: whsec_d2F0Y2h0b3dlci10ZXN0LWtleQ==}
        - {name: chat, kind: slack, url: "%s"}
        - {name: unset, kind: slack, url: ""}
        - {name: mail, kind: email, to: [ann@example.org, bob@example.org]}
      discord-application:
        public-key: "%s"
        responders: {"100000000000000001": ann, "100000000000000003": Gone}
      intervals:
        - name: even-hours
          stretches: [%s]
      smtp: {host: 127.0.0.1, port: %d, tls: none, from: watchtower@example.org}
      routes:
        - channels: [hook, chat, mail]
          services: [%s]
        - {channel: unset, services: [lab-unset, esc-25, fix-46, g25-front]}
        - {channel: chat, services: [g26-front]}
        - {channel: chat, services: [lab-hours], during: [even-hours]}
    """
        .formatted(
            hook,
            chat,
            publicKey,
            IntStream.range(0, 12)
                .mapToObj(i -> "{from: \"%02d:00\", to: \"%02d:00\"}".formatted(2 * i, 2 * i + 1))
                .collect(Collectors.joining(", ")),
            smtpPort,
            IntStream.rangeClosed(1, 30)
                .mapToObj(i -> "all-" + i)
                .collect(Collectors.joining(", ", "", ", g20-front")))
        .stripTrailing();
  }

  static final String ROTATIONS =
      """
        rotations:
          - name: esc
            layers: [{kind: daily, starts: 2026-01-01T00:00, people: [ann, bob]}]
          - name: empty
            layers: [{kind: weekly, starts: 2099-01-01T00:00, people: [zoe]}]
      """
          .stripTrailing();

  static final String POLICIES =
      """
        policies:
          - name: esc-worst
            services: [esc-11, esc-12]
            severities: [SEV1]
            steps: [{after: 3m, people: [chief]}]
          - {name: callee, services: [g21-back], steps: [{after: 2m, people: [owner]}]}
          - {name: caller, services: [g21-front], steps: [{after: 10m, people: [seller]}]}
          - name: esc
            services: [esc-1, esc-2, esc-3, esc-4, esc-5, esc-6, esc-7, esc-8, esc-9, esc-10, esc-11, esc-12, esc-13, esc-14, esc-15, esc-16, esc-17, esc-18, esc-21, esc-23, esc-25, esc-26]
            steps:
              - {after: 5m, rotation: esc}
              - {after: 10m, people: [boss]}
            repeat: 1
            acknowledge-timeout: 30m
          - {name: heir, services: [heir-2, esc-19], steps: [{after: 3m, people: [kim]}]}
          - {name: heir-late, services: [esc-20], steps: [{after: 10m, people: [lou]}]}
          - name: hours
            services: [lab-hours]
            steps: [{after: 90m, people: [boss]}]
          - name: ways
            services: [esc-22, esc-24]
            steps: [{after: 5m, people: [ann]}, {after: 10m, people: [boss], channel: chat}]
          - name: nobody
            services: [esc-nobody]
            steps: [{after: 1m, rotation: empty}]
          - {name: fix, services: [fix-12], steps: [{after: 1h, people: [boss]}]}
      """
          .stripTrailing();

  /** {@code worse}: its thresholds are SEV1; {@code tier-4}: whatever it is, SEV4. */
  static final String SEVERITY_RULES =
      """
          severity-rules:
            - {services: [worse], signals: [threshold], severity: SEV1}
            - {tiers: [4], severity: SEV4}
      """
          .stripTrailing();

  /** {@code pub-N} are on the status page. */
  static final String COMPONENTS =
      "    - {name: Tested, env: prod, services: [pub-1, pub-2, pub-3, pub-4, pub-5, pub-6, pub-7, pub-8, pub-9]}\n";

  static final String COMMANDS =
      """
      commands:
        - {name: warm, processes: [fix-2, fix-3, fix-4, fix-5, fix-6, fix-12, fix-13, fix-14, fix-19, fix-21, fix-22, fix-24, fix-25, fix-28, fix-30, fix-31, fix-32, fix-33, fix-37, fix-41, fix-45, fix-55, fix-59, fix-60, fix-caller], run: [warm]}
        - {name: flush, processes: [fix-48, fix-50, fix-53, fix-57, fix-59, fix-60], run: [flush]}
        - {name: cool, processes: [fix-2, fix-3, fix-12, fix-19, fix-21, fix-22, fix-24, fix-25, fix-55, fix-59, fix-60], run: [cool]}
      """;

  private TestCatalog() {}

  /** {@code NAME-1…} all call {@code NAME-db}. */
  private static String star(String name, int callers) {
    return IntStream.rangeClosed(1, callers)
            .mapToObj(i ->
                "  - {name: %1$s-%2$d, environments: [prod], dependencies: [%1$s-db]}\n"
                    .formatted(name, i))
            .collect(Collectors.joining())
        + "  - {name: %s-db, environments: [prod]}\n".formatted(name);
  }

  /** One service for each way a playbook can go; {@code hook} is where webhooks go. */
  static String playbooks(String hook) {
    return """
      - {name: fix-restart, triggers: [service-down], services: [fix-1, fix-15, fix-16, fix-17, fix-26, fix-27, fix-34, fix-35, fix-36, fix-39, fix-48, fix-50, fix-57], action: restart}
      - {name: fix-limit-of-ours, triggers: [threshold, service-down], services: [fix-62], action: restart}
      - {name: fix-from-outside, triggers: [external], services: [fix-63], action: restart}
      - {name: fix-again, triggers: [service-down], services: [fix-38], action: restart, cooldown: 10s}
      - {name: fix-soon, triggers: [service-down], services: [fix-40], action: restart, cooldown: 1s}
      - name: fix-command
        triggers: [service-down]
        services: [fix-2, fix-3, fix-12, fix-19, fix-21, fix-22, fix-24, fix-25]
        action: command
        command: warm
        undo: cool
        expect: {signal: error_rate, below: 0.01, within: 60s}
      - name: fix-risky
        triggers: [service-down]
        services: [fix-4, fix-5, fix-6, fix-13, fix-14, fix-28, fix-30, fix-31, fix-32, fix-33, fix-37, fix-41, fix-45, fix-caller]
        action: command
        command: warm
        risky: true
        approve-within: 10m
      - {name: fix-beside, triggers: [service-down], services: [fix-47, fix-51, fix-56], action: command, command: flush, process: fix-48, risky: true}
      - name: fix-back
        triggers: [service-down]
        services: [fix-54]
        action: command
        command: warm
        process: fix-55
        undo: cool
        expect: {signal: error_rate, below: 0.01, within: 60s}
      - name: fix-undone
        triggers: [service-down]
        services: [fix-59, fix-60]
        action: command
        command: warm
        undo: cool
        expect: {signal: error_rate, below: 0.01, within: 60s}
      - {name: fix-next, triggers: [service-down], services: [fix-49], action: command, command: flush, process: fix-50}
      - {name: fix-own, triggers: [service-down], services: [fix-58], action: command, command: flush, process: fix-57, limit-per-hour: 1}
      - {name: fix-shared, triggers: [service-down], services: [fix-52, fix-53], action: command, command: flush, process: fix-53}
      - name: fix-hook
        triggers: [service-down]
        services: [fix-7]
        action: webhook
        url: HOOK/do
        undo-url: HOOK/undo
        secret: whsec_czNjcmV0
        expect: {signal: latency_p95, at-most: 0.5, within: 30s}
      - name: fix-moved
        triggers: [service-down]
        services: [fix-61]
        action: webhook
        url: HOOK/move
        undo-url: HOOK/back
        secret: s3cret
        expect: {signal: latency_p95, at-most: 0.5, within: 30s}
      - {name: fix-json, triggers: [service-down], services: [fix-8, fix-42], action: webhook, url: HOOK/json, secret: s3cret, format: json}
      - {name: fix-ask, triggers: [service-down], services: [fix-43], action: webhook, url: HOOK/json, secret: s3cret, format: json, risky: true}
      - {name: fix-both, triggers: [service-down], services: [fix-44], environments: [prod, lab], action: restart}
      - {name: fix-run, triggers: [service-down], services: [fix-9, fix-20], action: stop-run}
      - {name: fix-limit, triggers: [service-down], services: [fix-23], action: restart, limit-per-hour: 1}
      - {name: fix-dry, triggers: [service-down], services: [fix-10], action: restart, dry-run: true}
      - {name: fix-lab, triggers: [service-down], services: [fix-29, fix-46], environments: [lab], action: restart}
      - {name: fix-state, triggers: [service-down], services: [fix-11], action: restart, states: [IDENTIFIED]}
    """
        .replace("HOOK", hook);
  }
}
