package dev.watchtower.ingest.doors.web;

import static dev.watchtower.ingest.doors.remotewrite.WriteRequests.byHand2;
import static dev.watchtower.ingest.doors.remotewrite.WriteRequests.series2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.watchtower.ingest.IngestContext;
import dev.watchtower.ingest.doors.remotewrite.WriteRequests;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests of remote write 2.0 that are not as the protocol wants them. */
class RemoteWrite2IT extends IngestContext {
  private static final String TYPE = "application/x-protobuf;proto=io.prometheus.write.v2.Request";
  private static final String WRITTEN = "X-Prometheus-Remote-Write-%s-Written";

  /** Claims 2 GiB, decompressed. */
  private static final byte[] HUGE = {-128, -128, -128, -128, 8, 0};

  static Stream<Arguments> malformed() {
    return Stream.of(
        arguments("first symbol", List.of("__name__", "rw2_bad"), new long[] {0, 1}, false),
        arguments("symbol 3 of 3", List.of("", "__name__", "rw2_bad"), new long[] {1, 3}, false),
        arguments("symbol -1 of 3", List.of("", "__name__", "rw2_bad"), new long[] {1, -1}, false),
        arguments("without its value", List.of("", "__name__", "rw2_bad"), new long[] {1}, false),
        arguments(
            "samples and histograms", List.of("", "__name__", "rw2_bad"), new long[] {1, 2}, true));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void areRefusedAsAWhole(String why, List<String> symbols, long[] refs, boolean both) {
    var good = series2(now(), null, symbols.indexOf("__name__"), symbols.indexOf("rw2_bad"));
    var bad = series2(now(), both ? WriteRequests.nativeHistogram(now()) : null, refs);

    var answer = write(TYPE, WriteRequests.compress(byHand2(symbols, good, bad)));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("malformed-body", why);
    written(answer, 0, 0);
    assertThat(
            store.select(
                List.of(Matcher.eq(Labels.METRIC_NAME, "rw2_bad")),
                Instant.EPOCH,
                Instant.ofEpochMilli(now() + 60_000),
                10))
        .isEmpty();
  }

  static Stream<Arguments> others() {
    return Stream.of(
        arguments(400, TYPE, new byte[] {3, 0}),
        arguments(413, TYPE, HUGE),
        arguments(415, TYPE + "3", new byte[0]));
  }

  @ParameterizedTest
  @MethodSource("others")
  void areToldThatNothingWasWritten(int status, String type, byte[] body) {
    var answer = write(type, body);

    assertThat(answer.statusCode()).isEqualTo(status);
    written(answer, 0, 0);
  }

  @Test
  void whatIsAsItShouldBeIsCounted() {
    var symbols = List.of("", "__name__", "rw2_good");

    var answer = write(TYPE, WriteRequests.compress(byHand2(symbols, series2(now(), null, 1, 2))));

    assertThat(answer.statusCode()).isEqualTo(204);
    written(answer, 1, 0);
  }

  @Test
  void whatIsWrittenIsCountedAlsoBesideWhatIsRefused() {
    var symbols = List.of("", "__name__", "rw2_float", "rw2_ha", "rw2_hb", "rw2_late", "rw2_hl");
    var good = WriteRequests.nativeHistogram(now());
    var late = now() - 40 * 86_400_000L;
    var histograms =
        byHand2(
            symbols,
            series2(late, null, 1, 5),
            WriteRequests.histogram2(good, 1, 3),
            WriteRequests.histogram2(good, 1, 4));
    var floats =
        byHand2(
            symbols,
            WriteRequests.histogram2(WriteRequests.nativeHistogram(late), 1, 6),
            series2(now(), null, 1, 2));

    var first = write(TYPE, WriteRequests.compress(histograms));
    assertThat(first.statusCode()).isEqualTo(400);
    written(first, 0, 2);
    var second = write(TYPE, WriteRequests.compress(floats));
    assertThat(second.statusCode()).isEqualTo(400);
    written(second, 1, 0);
  }

  /** Its end is that of all its buckets: they are refused as one histogram. */
  @Test
  void anEndThatIsRefusedIsOneHistogram() {
    var symbols = List.of("", "__name__", "rw2_beside", "rw2_he");
    var begun =
        byHand2(symbols, WriteRequests.histogram2(WriteRequests.nativeHistogram(now()), 1, 3));
    written(write(TYPE, WriteRequests.compress(begun)), 0, 1);
    var late = now() - 40 * 86_400_000L;

    var answer =
        write(
            TYPE,
            WriteRequests.compress(
                byHand2(
                    symbols,
                    WriteRequests.histogram2(WriteRequests.endedHistogram(late), 1, 3),
                    series2(now(), null, 1, 2))));

    assertThat(answer.statusCode()).isEqualTo(400);
    written(answer, 1, 0);
  }

  private HttpResponse<String> write(String type, byte[] body) {
    return post("/api/v1/write", Map.of("Content-Type", type, "Content-Encoding", "snappy"), body);
  }

  private static void written(HttpResponse<String> answer, long samples, long histograms) {
    assertThat(answer.headers().firstValue(WRITTEN.formatted("Samples"))).contains("" + samples);
    assertThat(answer.headers().firstValue(WRITTEN.formatted("Histograms")))
        .contains("" + histograms);
    assertThat(answer.headers().firstValue(WRITTEN.formatted("Exemplars"))).contains("0");
  }
}
