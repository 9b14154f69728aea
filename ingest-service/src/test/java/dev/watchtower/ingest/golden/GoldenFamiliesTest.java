package dev.watchtower.ingest.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The names that common senders use, with the labels they come with: the example catalog makes
 * golden signals of them, for a service that nobody configured.
 */
class GoldenFamiliesTest {
  private final SentMetrics sent = new SentMetrics();

  private void send(String scraped, int everySeconds, double first, double risePerSecond) {
    sent.send(scraped, everySeconds, first, risePerSecond);
  }

  private Map<String, Double> signals(String service, String env) {
    return sent.signals(service, env, 120);
  }

  private void histogram(String name, String labels, double slowBound, double fastBound) {
    send(name + "_bucket{" + labels + ",le=\"" + fastBound + "\"}", 5, 0, 5);
    send(name + "_bucket{" + labels + ",le=\"" + slowBound + "\"}", 5, 0, 10);
    send(name + "_bucket{" + labels + ",le=\"+Inf\"}", 5, 0, 10);
  }

  private static void expectRequests(Map<String, Double> signals) {
    assertThat(signals.get("traffic")).isCloseTo(10, within(1e-6));
    assertThat(signals.get("error_rate")).isCloseTo(0.1, within(1e-6));
    assertThat(signals.get("latency_p50")).isCloseTo(0.1, within(1e-6));
    assertThat(signals.get("latency_p95")).isCloseTo(0.19, within(1e-6));
  }

  @Test
  void micrometerScrapedByPrometheus() {
    var from = "job=\"checkout\",instance=\"10.0.0.7:8080\",application=\"checkout\"";
    send("http_server_requests_seconds_count{" + from + ",status=\"200\"}", 5, 0, 9);
    send("http_server_requests_seconds_count{" + from + ",status=\"503\"}", 5, 0, 1);
    histogram("http_server_requests_seconds", from, 0.2, 0.1);
    send("process_cpu_usage{" + from + "}", 5, 0.4, 0);
    send("jvm_memory_used_bytes{" + from + ",area=\"heap\",id=\"G1 Old Gen\"}", 5, 300e6, 0);
    send("jvm_memory_max_bytes{" + from + ",area=\"heap\",id=\"G1 Old Gen\"}", 5, 400e6, 0);

    var signals = signals("checkout", "default");

    expectRequests(signals);
    assertThat(signals.get("cpu")).isEqualTo(0.4);
    assertThat(signals.get("memory")).isCloseTo(0.75, within(1e-9));
  }

  @Test
  void openTelemetryOfToday() {
    var from = "job=\"shop/checkout\",service=\"checkout\",env=\"prod\"";
    var status = ",http_response_status_code=";
    send("http_server_request_duration_seconds_count{" + from + status + "\"200\"}", 5, 0, 9);
    send("http_server_request_duration_seconds_count{" + from + status + "\"500\"}", 5, 0, 1);
    histogram("http_server_request_duration_seconds", from, 0.2, 0.1);
    send("jvm_cpu_recent_utilization_ratio{" + from + "}", 5, 0.3, 0);

    var signals = signals("checkout", "prod");

    expectRequests(signals);
    assertThat(signals.get("cpu")).isEqualTo(0.3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"200", "404", ""})
  void requestsThatGotNoAnswerHaveFailed(String good) {
    var from = "service=\"checkout\",env=\"prod\"";
    var count = "http_server_request_duration_seconds_count{" + from;
    if (!good.isEmpty()) {
      send(count + ",http_response_status_code=\"" + good + "\"}", 5, 0, 8);
      send(count + ",http_response_status_code=\"499\",error_type=\"499\"}", 5, 0, 1);
    }
    send(count + ",error_type=\"java.net.SocketTimeoutException\"}", 5, 0, 1);

    assertThat(signals("checkout", "prod").get("error_rate"))
        .isCloseTo(good.isEmpty() ? 1 : 0.1, within(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"state, state", "cpu_mode, system_memory_state", "system_cpu_state, state"})
  void hostsByOpenTelemetryWhateverTheStateIsCalled(String ofCpu, String ofMemory) {
    for (int i = 1; i <= 2; i++) {
      var from = "{service=\"db\",env=\"prod\",instance=\"h" + i + "\",";
      for (String cpu : List.of("0", "1")) {
        var time = "system_cpu_time_seconds_total" + from + "cpu=\"" + cpu + "\"," + ofCpu;
        send(time + "=\"idle\"}", 5, 0, 1 - 0.3 * i);
        send(time + "=\"user\"}", 5, 0, 0.3 * i);
      }
      send("system_memory_usage_bytes" + from + ofMemory + "=\"used\"}", 5, 1e9 * i, 0);
      send("system_memory_usage_bytes" + from + ofMemory + "=\"free\"}", 5, 3e9, 0);
    }

    var signals = signals("db", "prod");

    assertThat(signals.get("cpu")).isCloseTo(0.6, within(1e-6));
    assertThat(signals.get("memory")).isCloseTo(0.4, within(1e-6));
  }

  @Test
  void openTelemetryOfTodayByMicrometer() {
    var from = "job=\"checkout\",service=\"checkout\",env=\"prod\"";
    var status = ",http_response_status_code=";
    send("http_server_request_duration_milliseconds_count{" + from + status + "\"200\"}", 5, 0, 9);
    send("http_server_request_duration_milliseconds_count{" + from + status + "\"500\"}", 5, 0, 1);
    histogram("http_server_request_duration_milliseconds", from, 200, 100);
    send("jvm_cpu_recent_utilization{" + from + "}", 5, 0.3, 0);
    send("jvm_memory_used_bytes{" + from + ",jvm_memory_type=\"heap\"}", 5, 300e6, 0);
    send("jvm_memory_limit_bytes{" + from + ",jvm_memory_type=\"heap\"}", 5, 400e6, 0);

    var signals = signals("checkout", "prod");

    expectRequests(signals);
    assertThat(signals.get("cpu")).isEqualTo(0.3);
    assertThat(signals.get("memory")).isCloseTo(0.75, within(1e-9));
  }

  @Test
  void openTelemetryBeforeTheNewNames() {
    var from = "service_name=\"checkout\",deployment_environment=\"prod\"";
    send("http_server_duration_milliseconds_count{" + from + ",http_status_code=\"200\"}", 5, 0, 9);
    send("http_server_duration_milliseconds_count{" + from + ",http_status_code=\"502\"}", 5, 0, 1);
    histogram("http_server_duration_milliseconds", from, 200, 100);

    expectRequests(signals("checkout", "prod"));
  }

  @Test
  void clientLibrariesOfPrometheus() {
    var from = "app=\"checkout\",namespace=\"shop\"";
    send("http_requests_total{" + from + ",code=\"200\"}", 5, 0, 9);
    send("http_requests_total{" + from + ",code=\"500\"}", 5, 0, 1);
    histogram("http_request_duration_seconds", from, 0.2, 0.1);

    expectRequests(signals("checkout", "shop"));
  }

  @Test
  void kubernetesContainersAreTheirOwnServices() {
    var kubelet = "job=\"kubelet\",service=\"kube-prometheus-kubelet\",namespace=\"shop\"";
    var pod = kubelet + ",pod=\"checkout-7d9f\",node=\"n1\"";
    send("container_cpu_usage_seconds_total{" + pod + ",container=\"checkout\"}", 30, 0, 0.4);
    // The sum over the pod and its pause container are the kubelet's, not a service's.
    send("container_cpu_usage_seconds_total{" + pod + "}", 30, 0, 0.41);
    send("container_cpu_usage_seconds_total{" + pod + ",container=\"POD\"}", 30, 0, 0.01);
    send("container_memory_working_set_bytes{" + pod + ",container=\"checkout\"}", 30, 3e8, 0);
    var state =
        "job=\"kube-state-metrics\",service=\"ksm\",namespace=\"shop\",pod=\"checkout-7d9f\"";
    var limit = "kube_pod_container_resource_limits{" + state + ",container=\"checkout\",resource=";
    send(limit + "\"cpu\",unit=\"core\"}", 30, 0.5, 0);
    send(limit + "\"memory\",unit=\"byte\"}", 30, 4e8, 0);

    var signals = signals("checkout", "shop");

    assertThat(signals.get("cpu")).isCloseTo(0.8, within(1e-6));
    assertThat(signals.get("memory")).isCloseTo(0.75, within(1e-9));
    assertThat(sent.services()).doesNotContain("POD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"code", "status", "status_code"})
  void knowsTheStatusUnderEachOfItsNames(String name) {
    for (String metric : List.of("http_requests_total", "http_request_duration_seconds_count")) {
      var service = metric.startsWith("http_requests") ? "counting" : "timing";
      var from = "app=\"" + service + "\",env=\"prod\"," + name + "=";
      send(metric + "{" + from + "\"200\"}", 5, 0, 9);
      assertThat(signals(service, "prod").get("error_rate")).as(metric).isZero();
      send(metric + "{" + from + "\"503\"}", 5, 0, 1);

      assertThat(signals(service, "prod").get("error_rate")).isCloseTo(0.1, within(1e-6));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http_server_request_duration_seconds_count",
        "http_server_request_duration_milliseconds_count",
        "http_server_duration_milliseconds_count",
        "rpc_server_call_duration_seconds_count",
        "rpc_server_duration_milliseconds_count"
      })
  void doesNotTakeAnUnknownStatusOfOpenTelemetryForSuccess(String metric) {
    send(metric + "{service=\"odd\",env=\"prod\",outcome=\"failure\"}", 5, 0, 9);

    assertThat(signals("odd", "prod").get("traffic")).isCloseTo(9, within(1e-6));
    assertThat(signals("odd", "prod").get("error_rate")).isNull();
  }

  @Test
  void doesNotTakeAnUnknownStatusForSuccess() {
    send("http_requests_total{app=\"odd\",env=\"prod\",verdict=\"failure\"}", 5, 0, 9);
    send("http_request_duration_seconds_count{app=\"odd\",env=\"prod\"}", 5, 0, 9);

    assertThat(signals("odd", "prod").get("traffic")).isCloseTo(9, within(1e-6));
    assertThat(signals("odd", "prod").get("error_rate")).isNull();
  }

  @Test
  void takesNoNumberOfCoresForAShare() {
    for (int i = 0; i < 5; i++) {
      var from = "{app=\"checkout\",env=\"prod\",instance=\"" + i + "\"}";
      send("process_cpu_seconds_total" + from, 5, 0, 0.2);
    }

    assertThat(signals("checkout", "prod").get("cpu")).isNull();
  }

  @Test
  void goSaysHowMuchCpuThereIs() {
    for (int i = 1; i <= 3; i++) {
      var from = "{job=\"checkout\",instance=\"10.0.0." + i + ":9090\"}";
      send("process_cpu_seconds_total" + from, 5, 0, i);
      send("go_sched_gomaxprocs_threads" + from, 5, 4, 0);
    }
    assertThat(signals("checkout", "default").get("cpu")).isCloseTo(0.75, within(1e-6));

    // Pushed, without a job or an instance.
    for (String pod : List.of("a", "b")) {
      send("process_cpu_seconds_total{service=\"pushed\",host=\"" + pod + "\"}", 5, 0, 1);
      send("go_sched_gomaxprocs_threads{service=\"pushed\",host=\"" + pod + "\"}", 5, 2, 0);
    }
    assertThat(signals("pushed", "default").get("cpu")).isCloseTo(0.5, within(1e-6));
  }

  @Test
  void remoteProcedureCallsOfToday() {
    var from = "service=\"checkout\",env=\"prod\",rpc_system_name=\"grpc\"";
    var status = ",rpc_response_status_code=";
    send("rpc_server_call_duration_seconds_count{" + from + status + "\"OK\"}", 5, 0, 5);
    send("rpc_server_call_duration_seconds_count{" + from + status + "\"NOT_FOUND\"}", 5, 0, 4);
    assertThat(signals("checkout", "prod").get("error_rate")).isZero();
    send("rpc_server_call_duration_seconds_count{" + from + status + "\"UNAVAILABLE\"}", 5, 0, 1);
    histogram("rpc_server_call_duration_seconds", from, 0.2, 0.1);

    expectRequests(signals("checkout", "prod"));
  }

  @Test
  void remoteProcedureCallsBefore() {
    var from = "service=\"checkout\",env=\"prod\"";
    var status = ",rpc_grpc_status_code=";
    send("rpc_server_duration_milliseconds_count{" + from + status + "\"0\"}", 5, 0, 9);
    send("rpc_server_duration_milliseconds_count{" + from + status + "\"14\"}", 5, 0, 1);
    histogram("rpc_server_duration_milliseconds", from, 200, 100);

    expectRequests(signals("checkout", "prod"));
  }

  @Test
  void jvmBeforeTheNewNames() {
    var from = "service_name=\"checkout\",deployment_environment=\"prod\"";
    send("process_runtime_jvm_cpu_utilization_ratio{" + from + "}", 5, 0.3, 0);
    for (String pool : List.of("eden", "old")) {
      var of = "{" + from + ",type=\"heap\",pool=\"" + pool + "\"}";
      send("process_runtime_jvm_memory_usage_bytes" + of, 5, 150e6, 0);
      send("process_runtime_jvm_memory_limit_bytes" + of, 5, 200e6, 0);
    }
    send("process_runtime_jvm_memory_usage_bytes{" + from + ",type=\"non_heap\"}", 5, 9e9, 0);

    var signals = signals("checkout", "prod");

    assertThat(signals.get("cpu")).isEqualTo(0.3);
    assertThat(signals.get("memory")).isCloseTo(0.75, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 30, 60})
  void podsOfTheKubeletByTheOpenTelemetryCollector(int every) {
    // The service itself sends more often, and has no processor or memory of its own.
    send("http_server_request_duration_seconds_count{service=\"checkout\",env=\"prod\"}", 5, 0, 1);
    for (int i = 1; i <= 2; i++) {
      var from = "{service=\"checkout\",env=\"prod\",k8s_pod_name=\"p" + i + "\"}";
      send("k8s_pod_cpu_limit_utilization_ratio" + from, every, 0.4 * i, 0);
      send("k8s_pod_memory_limit_utilization_ratio" + from, every, 0.3 * i, 0);
    }

    for (int s = 60; s <= 120; s += 5) {
      var signals = sent.signals("checkout", "prod", s);
      assertThat(signals.get("cpu")).as("at %s s", s).isEqualTo(0.8);
      assertThat(signals.get("memory")).as("at %s s", s).isEqualTo(0.6);
    }
  }

  /** The samples of several series in the order of time; the first is sent as often as it says. */
  private void sendMixed(List<String> often, int everySeconds, List<String> seldom) {
    for (int s = 0; s <= 600; s += 5) {
      for (String scraped : s % everySeconds == 0 ? often : List.<String>of()) {
        sent.sendOne(scraped, s, 0.5);
      }
      for (String scraped : s % 60 == 0 ? seldom : List.<String>of()) {
        sent.sendOne(scraped, s, s);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 15})
  void aServiceThatSendsMoreSeldomThanTheKubeletOfItsPods(int every) {
    // An SDK sends once a minute. What is read over two minutes must not make the window short.
    sendMixed(
        List.of(
            "k8s_pod_cpu_limit_utilization_ratio{service=\"checkout\",env=\"prod\"}",
            "k8s_pod_memory_limit_utilization_ratio{service=\"checkout\",env=\"prod\"}",
            "container_memory_working_set_bytes{container=\"checkout\",namespace=\"prod\","
                + "pod=\"p\"}"),
        every,
        List.of("http_server_request_duration_seconds_count{service=\"checkout\",env=\"prod\"}"));

    assertThat(sent.service("checkout", "prod").windowMillis()).isEqualTo(180_000);
    for (int s = 300; s <= 600; s += 5) {
      var signals = sent.signals("checkout", "prod", s);
      assertThat(signals.get("traffic")).as("at %s s", s).isCloseTo(1, within(1e-6));
      assertThat(signals.get("cpu")).as("at %s s", s).isEqualTo(0.5);
    }
  }

  @Test
  void whereNothingIsReadInTheWindowTheOthersSayHowLongItIs() {
    send("container_memory_working_set_bytes{container=\"a\",namespace=\"prod\"}", 30, 3e8, 0);

    assertThat(sent.service("a", "prod").windowMillis()).isEqualTo(90_000);
  }
}
