package dev.watchtower.ingest.series;

import java.util.List;

/**
 * Which service and environment a series speaks for: the value of the first label present of a
 * list.
 *
 * @param serviceLabels names tried for the service
 * @param envLabels names tried for the environment
 */
public record ServiceIdentity(List<String> serviceLabels, List<String> envLabels) {
  /** The name where no label says it. */
  public static final String DEFAULT = "default";

  public ServiceIdentity {
    serviceLabels = List.copyOf(serviceLabels);
    envLabels = List.copyOf(envLabels);
  }

  /** The labels with {@code service} and {@code env}; ones that have both come back as they are. */
  public Labels identify(Labels labels) {
    var service = first(labels, Labels.SERVICE, serviceLabels);
    var env = first(labels, Labels.ENV, envLabels);
    var named = labels.service().equals(service) ? labels : labels.with(Labels.SERVICE, service);
    return named.env().equals(env) ? named : named.with(Labels.ENV, env);
  }

  private static String first(Labels labels, String own, List<String> names) {
    for (var name : names) {
      var value = labels.get(name);
      if (value != null) {
        return value;
      }
    }
    var value = labels.get(own);
    return value == null ? DEFAULT : value;
  }
}
