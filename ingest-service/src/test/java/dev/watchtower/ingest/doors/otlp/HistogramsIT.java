package dev.watchtower.ingest.doors.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.doors.RequestMemory;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.storage.StorageOnPostgres;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Histograms and summaries with numbers that are seldom seen. */
class HistogramsIT {
  private static final String MOST = "18446744073709551615";
  private static final String HALF = "9223372036854775808";

  private final StorageOnPostgres postgres = new StorageOnPostgres();
  private final TimeSeriesStore store = postgres.open();
  private final OtlpDoor door = new OtlpDoor(store);

  @Test
  void countWithoutASign() {
    send(
        """
        {"name":"h","histogram":{"aggregationTemporality":2,"dataPoints":[{%1$s,"count":"%2$s",
          "sum":1,"explicitBounds":[1,2],"bucketCounts":["%3$s","1","%3$s"]}]}},
        {"name":"d","histogram":{"aggregationTemporality":1,"dataPoints":[{%1$s,"count":"%3$s",
          "sum":1,"explicitBounds":[1],"bucketCounts":["%3$s","0"]}]}},
        {"name":"e","exponentialHistogram":{"aggregationTemporality":2,"dataPoints":[
          {%1$s,"count":"%2$s","sum":1,"scale":0,"zeroCount":"%3$s",
           "positive":{"offset":0,"bucketCounts":["%3$s"]}}]}},
        {"name":"s","summary":{"dataPoints":[{%1$s,"count":"%2$s","sum":1}]}}
        """
            .formatted(time(), MOST, HALF));

    assertThat(last("h_bucket")).isEqualTo(Map.of("1", 0x1p63, "2", 0x1p63, "+Inf", 0x1p64));
    assertThat(last("d_bucket")).isEqualTo(Map.of("1", 0x1p63, "+Inf", 0x1p63));
    assertThat(last("e_bucket"))
        .containsEntry("0", 0x1p63)
        .containsEntry("1", 0x1p63)
        .containsEntry("2", 0x1p64)
        .containsEntry("+Inf", 0x1p64);
    for (var count : List.of("h_count", "e_count", "s_count")) {
      assertThat(last(count)).isEqualTo(Map.of("", 0x1p64));
    }
    assertThat(last("d_count")).isEqualTo(Map.of("", 0x1p63));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2,1", "1,1", "1,\"NaN\"", "\"NaN\",1", "\"Infinity\",1"})
  void areRefusedWhereTheirBoundsDoNotRise(String bounds) {
    var result =
        send(
            """
            {"name":"h","histogram":{"aggregationTemporality":2,"dataPoints":[{%1$s,"count":"6",
              "sum":1,"explicitBounds":[%2$s],"bucketCounts":["1","2","3"]}]}},
            {"name":"good","gauge":{"dataPoints":[{%1$s,"asInt":"1"}]}}
            """
                .formatted(time(), bounds));

    assertThat(result.rejectedPoints()).isEqualTo(1);
    assertThat(result.written().refusals().describe()).contains("h: bounds that do not rise");
    assertThat(last("h_bucket")).isEmpty();
    assertThat(last("h_count")).isEmpty();
    assertThat(last("good")).isEqualTo(Map.of("", 1.0));
  }

  private String time() {
    return "\"timeUnixNano\":\"" + postgres.clock.millis() + "000000\"";
  }

  private OtlpDoor.Result send(String metrics) {
    var body = "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[" + metrics + "]}]}]}";
    return door.accept(body.getBytes(StandardCharsets.UTF_8), true, RequestMemory.unlimited());
  }

  /** The last value of each series by its bound. */
  private Map<String, Double> last(String metric) {
    var found = new TreeMap<String, Double>();
    var soon = postgres.clock.instant().plusSeconds(60);
    var reader = store.reader();
    for (var series :
        reader.select(List.of(Matcher.eq(Labels.METRIC_NAME, metric)), Instant.EPOCH, soon, 1000)) {
      var samples = reader.read(series, 0, soon.toEpochMilli());
      found.put(series.labels().getOrEmpty("le"), samples.value(samples.size() - 1));
    }
    return found;
  }
}
