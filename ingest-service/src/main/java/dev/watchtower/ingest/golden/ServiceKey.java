package dev.watchtower.ingest.golden;

import java.util.Comparator;

/** A service in an environment. */
public record ServiceKey(String service, String env) implements Comparable<ServiceKey> {
  private static final Comparator<ServiceKey> ORDER =
      Comparator.comparing(ServiceKey::service).thenComparing(ServiceKey::env);

  @Override
  public int compareTo(ServiceKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return service + " (" + env + ")";
  }
}
