package dev.watchtower.ingest.doors.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.test.MutableClock;
import dev.watchtower.ingest.doors.BodyReader;
import dev.watchtower.ingest.doors.json.JsonDoor;
import dev.watchtower.ingest.doors.otlp.OtlpDoor;
import dev.watchtower.ingest.doors.remotewrite.RemoteWriteCodec;
import dev.watchtower.ingest.doors.remotewrite.RemoteWriteDoor;
import dev.watchtower.ingest.doors.remotewrite.WriteRequests;
import dev.watchtower.ingest.storage.IngestCounters;
import dev.watchtower.ingest.storage.RequestRefusedException.Reason;
import dev.watchtower.ingest.storage.StorageSettings;
import dev.watchtower.ingest.storage.TimeSeriesStore;
import dev.watchtower.ingest.storage.jdbc.PgChunkArchive;
import dev.watchtower.ingest.storage.jdbc.PgFence;
import dev.watchtower.ingest.storage.jdbc.PgRequestLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.mock.web.DelegatingServletInputStream;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Requests that are sent away before anybody knows what is in them. */
class RefusedRequestsTest {
  private static final String JSON = "application/json";

  private final BodyReader bodies = new BodyReader(() -> 1 << 20, 10 << 20);
  private final TimeSeriesStore store = neverOpened();
  private final IngestCounters counters = store.counters();
  private final JsonController json =
      new JsonController(new JsonDoor(store, MutableClock.ofAFixedDay()), bodies, counters);
  private final OtlpController otlp = new OtlpController(new OtlpDoor(store), bodies, counters);
  private final RemoteWriteController remoteWrite =
      new RemoteWriteController(new RemoteWriteDoor(store, bodies::maxBytes), bodies, counters);

  private static TimeSeriesStore neverOpened() {
    var source = new PGSimpleDataSource();
    var fence = new PgFence();
    return new TimeSeriesStore(
        new PgRequestLog(source, fence),
        new PgChunkArchive(source, fence),
        new RemoteWriteCodec(),
        StorageSettings.defaults(),
        MutableClock.ofAFixedDay());
  }

  @Test
  void countsThoseThatComeWhileStorageIsNotOpen() throws IOException {
    var response = new MockHttpServletResponse();
    otlp.export(request(JSON, "{}".getBytes(StandardCharsets.UTF_8)), response);
    assertThat(response.getStatus()).isEqualTo(503);
    assertUnavailable(() -> json.write(request(JSON, "{}".getBytes(StandardCharsets.UTF_8))));
    var write =
        request(
            "application/x-protobuf",
            new WriteRequests().series(Map.of("__name__", "up"), 1, 1).body());
    write.addHeader("Content-Encoding", "snappy");
    var written = new MockHttpServletResponse();
    assertUnavailable(() -> remoteWrite.write(write, written));
    for (var what : List.of("Samples", "Histograms", "Exemplars")) {
      assertThat(written.getHeader("X-Prometheus-Remote-Write-" + what + "-Written"))
          .isEqualTo("0");
    }

    assertThat(counters.requestsRefused(Reason.NOT_OPEN)).isEqualTo(3);
    assertThat(counters.received()).isZero();
  }

  @Test
  void countsThoseForWhichThereIsNoMemoryNow() {
    var body = "{}".getBytes(StandardCharsets.UTF_8);
    holding(
        8 << 20,
        () -> holding(2 << 20, () -> assertUnavailable(() -> json.write(request(JSON, body)))));

    assertThat(counters.requestsRefused(Reason.MEMORY)).isEqualTo(1);
  }

  /** Runs it while a request has so much of the memory. */
  private void holding(int bytes, Runnable then) {
    try {
      bodies.<String>decoded(
          InputStream.nullInputStream(),
          0,
          null,
          (_, memory) -> {
            memory.use(bytes);
            then.run();
            return "";
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"application/x-www-form-urlencoded", "text/plain", ""})
  void countsThoseOfAnotherTypeAtEachDoor(String type) throws IOException {
    var body = "{}".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> json.write(request(type, body)))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> {
              assertThat(problem.status()).isEqualTo(415);
              assertThat(problem).hasMessageContaining("Content-Type must be application/json");
            });
    assertThat(counters.unreadable()).isEqualTo(1);
    otlp.export(request(type, body), new MockHttpServletResponse());
    assertThat(counters.unreadable()).isEqualTo(2);
  }

  @Test
  void countsThoseWhoseBodyStopsHalfWay() {
    var cut =
        new MockHttpServletRequest("POST", "/api/v1/metrics") {
          @Override
          public DelegatingServletInputStream getInputStream() {
            return new DelegatingServletInputStream(
                new InputStream() {
                  @Override
                  public int read() throws IOException {
                    throw new IOException("the connection is gone");
                  }
                });
          }
        };
    cut.setContentType(JSON);

    assertUnavailable(() -> json.write(cut));

    assertThat(counters.requestsRefused(Reason.INCOMPLETE)).isEqualTo(1);
    assertThat(counters.unreadable()).isZero();
  }

  private static MockHttpServletRequest request(String type, byte[] body) {
    var request = new MockHttpServletRequest("POST", "/");
    request.setContentType(type);
    request.setContent(body);
    return request;
  }

  private static void assertUnavailable(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            Problem.class, problem -> assertThat(problem.status()).isEqualTo(503));
  }
}
