package dev.watchtower.ingest.golden;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What an environment may be called by those who send no telemetry: pipelines say {@code
 * production} where telemetry says {@code prod}. Only names that mean the same are taken for one
 * another, and never an environment in which something sends: a deployment to a preview must not
 * count as one of what runs.
 *
 * @param name as telemetry has it
 * @param spellings its other names and its own, in lower case
 * @param others environments of such a name in which something sends: they are meant by themselves
 */
public record EnvNames(String name, Set<String> spellings, Set<String> others) {
  private static final List<Set<String>> SAME =
      List.of(
          Set.of("prod", "production", "prd", "live"),
          Set.of("stage", "staging", "stg"),
          Set.of("test", "testing"),
          Set.of("dev", "development"));

  public EnvNames {
    spellings = Set.copyOf(spellings);
    others = Set.copyOf(others);
  }

  /** The names of an environment, beside the others of which something is known. */
  public static EnvNames of(String name, ServiceRegistry services) {
    Set<String> spellings = spellings(name);
    Set<String> others = new HashSet<>();
    for (ObservedService service : services.all()) {
      String env = service.key().env();
      if (!env.equals(name) && spellings.contains(lower(env))) {
        others.add(env);
      }
    }
    return new EnvNames(name, spellings, others);
  }

  /**
   * The environment that is meant for a service: the one named where something sends in it, else
   * the only one of such a name in which the service is known, else the one named.
   */
  public static String meant(String service, String env, ServiceRegistry services) {
    if (services.find(new ServiceKey(service, env)).isPresent()) {
      return env;
    }
    Set<String> spellings = spellings(env);
    Set<String> found = new HashSet<>();
    for (ObservedService known : services.all()) {
      ServiceKey key = known.key();
      if (key.env().equals(env)) {
        return env;
      }
      if (key.service().equals(service) && spellings.contains(lower(key.env()))) {
        found.add(key.env());
      }
    }
    return found.size() == 1 ? found.iterator().next() : env;
  }

  private static Set<String> spellings(String env) {
    String lower = lower(env);
    return SAME.stream().filter(s -> s.contains(lower)).findFirst().orElse(Set.of(lower));
  }

  private static String lower(String env) {
    return env.toLowerCase(Locale.ROOT);
  }
}
