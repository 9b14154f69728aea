package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.doors.Numbers;
import dev.watchtower.ingest.doors.otlp.OtlpNames.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpNamesTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "http.server.request.duration, s, OTHER, http_server_request_duration_seconds",
        "http.server.requests, milliseconds, OTHER, http_server_requests_milliseconds",
        "http.server.requests, ms, OTHER, http_server_requests_milliseconds",
        "jvm.memory.used, By, GAUGE, jvm_memory_used_bytes",
        "jvm.memory.used.bytes, By, GAUGE, jvm_memory_used_bytes",
        "requests, '', COUNTER, requests_total",
        "requests_total, '{request}', COUNTER, requests_total",
        "system.io, By, COUNTER, system_io_bytes_total",
        "cpu.utilization, 1, GAUGE, cpu_utilization_ratio",
        "items, 1, COUNTER, items_total",
        "speed, m/s, GAUGE, speed_meters_per_second",
        "2xx.count, '', GAUGE, _2xx_count",
        "a..b__c, '', GAUGE, a_b_c",
        "process.cpu.usage, '', GAUGE, process_cpu_usage",
      })
  void followTheCompatibilitySpecification(String name, String unit, Kind kind, String expected) {
    assertThat(OtlpNames.metric(name, unit, kind)).isEqualTo(expected);
  }

  @Test
  void replaceWhatALabelMayNotHave() {
    assertThat(OtlpNames.label("http.response.status_code")).isEqualTo("http_response_status_code");
    assertThat(OtlpNames.label("1st")).isEqualTo("key_1st");
    assertThat(OtlpNames.label("grüße")).isEqualTo("gr__e");
  }

  @Test
  void writeNumbersShortAndPlain() {
    assertThat(Numbers.text(0.005)).isEqualTo("0.005");
    assertThat(Numbers.text(10)).isEqualTo("10");
    assertThat(Numbers.text(1e21)).isEqualTo("1000000000000000000000");
    assertThat(Numbers.text(Double.POSITIVE_INFINITY)).isEqualTo("+Inf");
    assertThat(Numbers.text(-0.0)).isEqualTo("0");
  }
}
