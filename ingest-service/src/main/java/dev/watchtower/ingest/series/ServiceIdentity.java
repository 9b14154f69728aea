package dev.watchtower.ingest.series;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which service and environment a series speaks for: the value of the first label present of a
 * list. What cAdvisor and kube-state-metrics say of containers and workloads speaks for these, not
 * for the exporter that says it.
 *
 * @param serviceLabels names tried for the service
 * @param envLabels names tried for the environment
 */
public record ServiceIdentity(List<String> serviceLabels, List<String> envLabels) {
  /** The name where no label says it. */
  public static final String DEFAULT = "default";

  private static final List<String> CONTAINER =
      List.of("container", "container_name", "container_label_com_docker_compose_service");
  private static final List<String> WORKLOAD =
      List.of("container", "deployment", "statefulset", "daemonset");
  // What a scrape calls the exporter itself, and with it the label service.
  private static final List<String> EXPORTERS =
      List.of("kubelet", "cadvisor", "kube-state-metrics");

  public ServiceIdentity {
    serviceLabels = List.copyOf(serviceLabels);
    envLabels = List.copyOf(envLabels);
  }

  /**
   * The same where a sender says the service or the environment itself, and no list is needed: its
   * own label then counts before all others.
   */
  public ServiceIdentity given(boolean service, boolean env) {
    return service || env
        ? new ServiceIdentity(service ? List.of() : serviceLabels, env ? List.of() : envLabels)
        : this;
  }

  /** Whether labels that have a service and an environment surely keep them. */
  public boolean keepsWhatIsSaid() {
    return keeps(Labels.SERVICE, serviceLabels) && keeps(Labels.ENV, envLabels);
  }

  private static boolean keeps(String own, List<String> names) {
    return names.isEmpty() || names.getFirst().equals(own);
  }

  /** The labels with {@code service} and {@code env}; ones that have both come back as they are. */
  public Labels identify(Labels labels) {
    var workload = workload(labels);
    var service = workload == null ? first(labels, Labels.SERVICE, serviceLabels) : workload;
    var env = first(labels, Labels.ENV, envLabels);
    var named = labels.service().equals(service) ? labels : labels.with(Labels.SERVICE, service);
    return named.env().equals(env) ? named : named.with(Labels.ENV, env);
  }

  private static @Nullable String workload(Labels labels) {
    var metric = labels.metricName();
    var container = metric.startsWith("container_");
    if (!container && !metric.startsWith("kube_")) {
      return null;
    }
    var job = labels.getOrEmpty("job");
    if (labels.get(Labels.SERVICE) != null && EXPORTERS.stream().noneMatch(job::endsWith)) {
      return null;
    }
    for (var name : container ? CONTAINER : WORKLOAD) {
      var value = labels.get(name);
      // The pause container of a pod is nobody's.
      if (value != null && !value.equals("POD")) {
        return value;
      }
    }
    // Docker without Kubernetes: the container's own name.
    return container && labels.get("pod") == null ? labels.get("name") : null;
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
