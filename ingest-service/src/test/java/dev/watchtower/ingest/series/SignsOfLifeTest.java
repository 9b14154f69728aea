package dev.watchtower.ingest.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignsOfLifeTest {
  private static final ServiceIdentity IDENTITY =
      new ServiceIdentity(List.of("service", "job"), List.of("env"));

  @ParameterizedTest
  @CsvSource({
    "up, false",
    "scrape_duration_seconds, false",
    "scrape_samples_post_metric_relabeling, false",
    "ALERTS, false",
    "ALERTS_FOR_STATE, false",
    "job:up:sum, false",
    "upload_bytes_total, true",
    "mysql_up, true",
    "http_requests_total, true",
    "container_cpu_usage_seconds_total, true",
  })
  void tellsWhatAServiceSendsFromWhatIsSaidOfIt(String metric, boolean own) {
    Labels labels = Labels.of("__name__", metric, "job", "shop", "container", "shop");

    assertThat(SignsOfLife.isOne(IDENTITY.identify(labels))).isEqualTo(own);
  }

  @ParameterizedTest
  @CsvSource({
    "kube_deployment_status_replicas, deployment, false",
    "kube_pod_container_resource_limits, container, false",
    "kube_statefulset_replicas, statefulset, false",
    "kube_node_info, node, true",
    "kube_pod_status_phase, pod, true",
  })
  void kubeStateMetricsLivesAndSaysNothingOfTheLifeOfOthers(
      String metric, String label, boolean own) {
    Labels labels = Labels.of("__name__", metric, "job", "kube-state-metrics", label, "shop");

    assertThat(SignsOfLife.isOne(IDENTITY.identify(labels))).isEqualTo(own);
  }
}
