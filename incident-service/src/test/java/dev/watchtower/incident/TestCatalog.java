package dev.watchtower.incident;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What the catalog of the tests has besides the published one. */
final class TestCatalog {
  /** {@code esc-1…}: covered by escalation policies. {@code gN-front → gN-mid → gN-back}. */
  static final String SERVICES =
      IntStream.rangeClosed(1, 8)
              .mapToObj(i -> "  - {name: esc-%d, environments: [prod]}\n".formatted(i))
              .collect(Collectors.joining())
          + "  - {name: esc-nobody, environments: [prod]}\n"
          + IntStream.rangeClosed(1, 16)
              .mapToObj(i ->
                  """
                    - {name: g%1$d-front, environments: [prod], dependencies: [g%1$d-mid]}
                    - {name: g%1$d-mid, environments: [prod], dependencies: [g%1$d-back]}
                    - {name: g%1$d-back, environments: [prod]}
                  """
                      .formatted(i))
              .collect(Collectors.joining());

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
          - name: esc
            services: [esc-1, esc-2, esc-3, esc-4, esc-5, esc-6, esc-7, esc-8]
            steps:
              - {after: 5m, rotation: esc}
              - {after: 10m, people: [boss]}
            repeat: 1
            acknowledge-timeout: 30m
          - name: nobody
            services: [esc-nobody]
            steps: [{after: 1m, rotation: empty}]
      """
          .stripTrailing();

  private TestCatalog() {}
}
