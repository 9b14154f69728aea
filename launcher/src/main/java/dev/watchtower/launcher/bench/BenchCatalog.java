package dev.watchtower.launcher.bench;

/**
 * The catalog of the alert bench: one service for each breach, and one rule without a waiting time.
 */
public final class BenchCatalog {
  /** The gauge that breaches at more than 100. */
  public static final String METRIC = "bench_level";

  /** The environment of all its services. */
  public static final String ENV = "bench";

  private BenchCatalog() {}

  /** The name of the service for breach {@code number}. */
  public static String service(int number) {
    return "bench%04d".formatted(number);
  }

  /**
   * The catalog as YAML.
   *
   * @param services how many services
   * @param discord address of the webhook
   */
  public static String yaml(int services, String discord) {
    var text = new StringBuilder("version: 1\nservices:\n");
    for (int i = 0; i < services; i++) {
      text.append(
          """
            - name: %1$s
              title: Bench %1$s
              tier: 2
              environments: [%2$s]
          """
              .formatted(service(i), ENV));
    }
    return text.append(
            """
            rules:
              - name: bench-breach
                kind: threshold
                expression: %s > 100
                for: 0s
                severity: SEV2
                summary: The bench raised its gauge
            notifications:
              channels:
                - name: discord
                  kind: discord
                  url: %s
              routes:
                - channel: discord
            """
                .formatted(METRIC, discord))
        .toString();
  }
}
