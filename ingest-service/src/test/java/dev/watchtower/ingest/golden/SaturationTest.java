package dev.watchtower.ingest.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CPU and memory of hosts, heaps and containers: those of the fullest. */
class SaturationTest {
  private final SentMetrics sent = new SentMetrics();

  private void send(String scraped, int everySeconds, double first, double risePerSecond) {
    sent.send(scraped, everySeconds, first, risePerSecond);
  }

  private Map<String, Double> signals(String service, String env) {
    return sent.signals(service, env, 120);
  }

  @Test
  void nodeExporter() {
    var from = "job=\"node\",instance=\"db1:9100\"";
    send("node_cpu_seconds_total{" + from + ",cpu=\"0\",mode=\"idle\"}", 15, 0, 0.25);
    send("node_cpu_seconds_total{" + from + ",cpu=\"1\",mode=\"idle\"}", 15, 0, 0.75);
    send("node_memory_MemAvailable_bytes{" + from + "}", 15, 2e9, 0);
    send("node_memory_MemTotal_bytes{" + from + "}", 15, 8e9, 0);

    var signals = signals("node", "default");

    assertThat(signals.get("cpu")).isCloseTo(0.5, within(1e-6));
    assertThat(signals.get("memory")).isCloseTo(0.75, within(1e-9));
  }

  @ParameterizedTest
  @CsvSource({
    "process_cpu_utilization_ratio, process_cpu_state",
    "process_cpu_utilization, cpu_mode",
    "process_cpu_utilization_ratio, type",
  })
  void processesOfOpenTelemetryWithoutAJvm(String metric, String mode) {
    for (int i = 1; i <= 2; i++) {
      var from = "service=\"pay\",env=\"prod\",job=\"pay\",instance=\"" + i + "\"";
      send(metric + "{" + from + "," + mode + "=\"user\"}", 10, 0.3 * i, 0);
      send(metric + "{" + from + "," + mode + "=\"system\"}", 10, 0.1 * i, 0);
      // The host's, which some of them send too, is not the process'.
      send("system_cpu_time_seconds_total{" + from + ",state=\"idle\"}", 10, 0, 0.9);
    }

    assertThat(signals("pay", "prod").get("cpu")).isCloseTo(0.8, within(1e-9));
  }

  @Test
  void processesOfDotnet() {
    for (int i = 1; i <= 2; i++) {
      var from = "service=\"pay\",env=\"prod\",job=\"pay\",instance=\"" + i + "\"";
      var time = "dotnet_process_cpu_time_seconds_total{" + from + ",cpu_mode=";
      send(time + "\"user\"}", 10, 0, 1.2 * i);
      send(time + "\"system\"}", 10, 0, 0.4 * i);
      send("dotnet_process_cpu_count{" + from + "}", 10, 4, 0);
    }

    assertThat(signals("pay", "prod").get("cpu")).isCloseTo(0.8, within(1e-6));
  }

  @Test
  void hostsOfTelegraf() {
    for (int i = 1; i <= 2; i++) {
      var from = "service=\"db\",env=\"prod\",host=\"db" + i + "\"";
      send("cpu_usage_idle{" + from + ",cpu=\"cpu-total\"}", 10, 40.0 * i, 0);
      send("cpu_usage_idle{" + from + ",cpu=\"cpu0\"}", 10, 0, 0);
      send("mem_used_percent{" + from + "}", 10, 35.0 * i, 0);
    }

    assertThat(signals("db", "prod").get("cpu")).isCloseTo(0.6, within(1e-9));
    assertThat(signals("db", "prod").get("memory")).isCloseTo(0.7, within(1e-9));
  }

  @Test
  void oneFullHostOfTwentyIsSeen() {
    for (int i = 0; i < 20; i++) {
      var exported = "job=\"node\",instance=\"db" + i + ":9100\"";
      send("node_cpu_seconds_total{" + exported + ",mode=\"idle\"}", 15, 0, i == 7 ? 0 : 0.9);
      send("node_memory_MemAvailable_bytes{" + exported + "}", 15, i == 8 ? 0 : 6e9, 0);
      send("node_memory_MemTotal_bytes{" + exported + "}", 15, 8e9, 0);
      var collected = "service=\"hosts\",job=\"hosts\",instance=\"db" + i + "\"";
      send(
          "system_cpu_time_seconds_total{" + collected + ",state=\"idle\"}", 15, 0, i == 7 ? 0 : 1);
      send(
          "system_memory_usage_bytes{" + collected + ",state=\"used\"}", 15, i == 8 ? 8e9 : 1e9, 0);
      send("system_memory_usage_bytes{" + collected + ",state=\"free\"}", 15, i == 8 ? 0 : 7e9, 0);
    }

    for (String service : List.of("node", "hosts")) {
      assertThat(signals(service, "default").get("cpu")).as(service).isCloseTo(1, within(1e-9));
      assertThat(signals(service, "default").get("memory")).as(service).isCloseTo(1, within(1e-9));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "status, success, error",
    "status, ok, ERROR",
    "status, 200, failure",
    "code, 2xx, 5xx",
    "status_code, OK, Failed",
    "outcome, SUCCESS, SERVER_ERROR",
  })
  void clientLibrariesThatSayInWordsWhatFailed(String label, String good, String bad) {
    var from = "app=\"checkout\",namespace=\"shop\"," + label;
    for (var name : List.of("http_requests_total", "http_request_duration_seconds_count")) {
      send(name + "{" + from + "=\"" + good + "\"}", 5, 0, 7);
      send(name + "{" + from + "=\"" + bad + "\"}", 5, 0, 1);
      send(name + "{" + from + "=\"404\"}", 5, 0, 1);
      send(name + "{" + from + "=\"CLIENT_ERROR\"}", 5, 0, 1);
      assertThat(signals("checkout", "shop").get("error_rate")).isCloseTo(0.1, within(1e-6));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "jvm_memory_used_bytes, jvm_memory_max_bytes, area",
    "jvm_memory_used_bytes, jvm_memory_limit_bytes, jvm_memory_type",
    "process_runtime_jvm_memory_usage_bytes, process_runtime_jvm_memory_limit_bytes, type",
  })
  void oneFullHeapOfThreeIsSeen(String used, String limit, String kind) {
    for (int i = 1; i <= 3; i++) {
      for (String pool : List.of("eden", "old")) {
        var of = "{job=\"pay\",instance=\"%d\",%s=\"heap\",id=\"%s\"}".formatted(i, kind, pool);
        send(used + of, 5, i == 3 ? 190e6 : 40e6, 0);
        // What has no limit of its own says -1.
        send(limit + of, 5, pool.equals("eden") && kind.equals("area") ? -1 : 200e6 * i, 0);
      }
    }
    double full = kind.equals("area") ? 380e6 / 600e6 : 380e6 / 1200e6;

    assertThat(signals("pay", "default").get("memory")).isCloseTo(full, within(1e-9));
  }

  @Test
  void oneFullContainerOfTwoIsSeen() {
    for (int i = 1; i <= 2; i++) {
      var docker =
          "job=\"cadvisor\",container_label_com_docker_compose_service=\"web\",name=\"web" + i;
      send("container_memory_working_set_bytes{" + docker + "\"}", 15, 2e8 * i, 0);
      send("container_spec_memory_limit_bytes{" + docker + "\"}", 15, 4e8, 0);
      var pod = "namespace=\"shop\",pod=\"pay-" + i + "\",container=\"pay\"";
      send("container_memory_working_set_bytes{job=\"kubelet\"," + pod + "}", 15, 2e8 * i, 0);
      var limit = "kube_pod_container_resource_limits{job=\"kube-state-metrics\"," + pod;
      send(limit + ",resource=\"memory\"}", 15, 4e8, 0);
    }

    assertThat(signals("web", "default").get("memory")).isEqualTo(1);
    assertThat(signals("pay", "shop").get("memory")).isEqualTo(1);
  }

  @Test
  void dockerContainersOfCadvisor() {
    var from = "job=\"cadvisor\",name=\"checkout\",image=\"shop/checkout:1.2\"";
    send("container_cpu_usage_seconds_total{" + from + ",cpu=\"total\"}", 15, 0, 0.5);
    send("container_spec_cpu_quota{" + from + "}", 15, 200_000, 0);
    send("container_spec_cpu_period{" + from + "}", 15, 100_000, 0);
    send("container_memory_working_set_bytes{" + from + "}", 15, 1e8, 0);
    send("container_spec_memory_limit_bytes{" + from + "}", 15, 4e8, 0);

    var signals = signals("checkout", "default");

    assertThat(signals.get("cpu")).isCloseTo(0.25, within(1e-6));
    assertThat(signals.get("memory")).isCloseTo(0.25, within(1e-9));
  }

  @Test
  void hostMetricsOfTheOpenTelemetryCollector() {
    var from = "service=\"db-host\",env=\"prod\"";
    send("system_cpu_time_seconds_total{" + from + ",cpu=\"0\",state=\"idle\"}", 10, 0, 0.9);
    send("system_memory_usage_bytes{" + from + ",state=\"used\"}", 10, 3e9, 0);
    send("system_memory_usage_bytes{" + from + ",state=\"free\"}", 10, 1e9, 0);

    var signals = signals("db-host", "prod");

    assertThat(signals.get("cpu")).isCloseTo(0.1, within(1e-6));
    assertThat(signals.get("memory")).isCloseTo(0.75, within(1e-9));
  }
}
