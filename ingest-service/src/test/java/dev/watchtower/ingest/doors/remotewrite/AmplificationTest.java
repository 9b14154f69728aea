package dev.watchtower.ingest.doors.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.CodedOutputStream;
import dev.watchtower.common.test.MutableClock;
import dev.watchtower.ingest.doors.BadBodyException;
import dev.watchtower.ingest.doors.BodyReader;
import dev.watchtower.ingest.storage.BodyCodec;
import dev.watchtower.ingest.storage.SampleBatch;
import dev.watchtower.ingest.storage.SeriesTables;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Small remote-write bodies that would become large in memory. */
class AmplificationTest {
  private static final int LIMIT = 2 << 20;
  private static final long BUDGET = 10L << 20;

  private final BodyReader bodies = new BodyReader(() -> LIMIT, BUDGET);

  @Test
  void refusesMoreEmptySamplesThanThereIsMemoryFor() throws IOException {
    byte[] samples = repeated(2, 500_000);

    assertTooLarge(BodyCodec.REMOTE_WRITE_1, field(1, samples));
    assertTooLarge(BodyCodec.REMOTE_WRITE_2, field(5, samples));
  }

  @Test
  void refusesMoreEmptyHistogramsAndCountsThanThereIsMemoryFor() throws IOException {
    assertTooLarge(BodyCodec.REMOTE_WRITE_1, field(1, repeated(4, 99_000)));
    byte[] deltas = new byte[1_500_000];
    assertTooLarge(BodyCodec.REMOTE_WRITE_1, field(1, field(4, field(12, deltas))));
  }

  @Test
  void refusesReferencesThatSpellALongSymbolOutAgainAndAgain() throws IOException {
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(field(4, new byte[0]));
    request.writeBytes(field(4, new byte[100_000]));
    byte[] series = concat(field(1, new byte[] {1, 1}), field(2, new byte[0]));
    for (int i = 0; i < 200; i++) {
      request.writeBytes(field(5, series));
    }

    assertTooLarge(BodyCodec.REMOTE_WRITE_2, request.toByteArray());
    request.reset();
    request.writeBytes(field(4, new byte[0]));
    request.writeBytes(field(4, new byte[100_000]));
    byte[] references = new byte[2_000];
    java.util.Arrays.fill(references, (byte) 1);
    request.writeBytes(field(5, concat(field(1, references), field(2, new byte[0]))));
    assertTooLarge(BodyCodec.REMOTE_WRITE_2, request.toByteArray());
  }

  @Test
  void refusesMoreEmptySymbolsAndReferencesThanThereIsMemoryFor() throws IOException {
    assertTooLarge(BodyCodec.REMOTE_WRITE_2, repeated(4, 1_000_000));
    byte[] references = field(1, new byte[1_900_000]);
    assertTooLarge(
        BodyCodec.REMOTE_WRITE_2,
        concat(field(4, new byte[0]), field(5, concat(references, field(2, new byte[0])))));
  }

  @Test
  void takesWhatSendersSendAndGivesTheMemoryBack() throws IOException {
    WriteRequests request = new WriteRequests();
    for (int i = 0; i < 10_000; i++) {
      request.series(Map.of("__name__", "m", "i", Integer.toString(i)), 1_000, i % 2);
    }

    for (int i = 0; i < 20; i++) {
      assertThat(decoded(BodyCodec.REMOTE_WRITE_1, request.raw())).isEqualTo(10_000);
    }
  }

  @Test
  void readsLabelsThatDoNotLieTogetherInLinearTime() throws IOException {
    ByteArrayOutputStream series = new ByteArrayOutputStream();
    byte[] label = field(1, new byte[0]);
    byte[] other = {9 << 3, 0};
    for (int i = 0; i < 400_000; i++) {
      series.writeBytes(label);
      series.writeBytes(other);
    }

    assertThat(decoded(BodyCodec.REMOTE_WRITE_1, field(1, series.toByteArray()))).isZero();
  }

  private void assertTooLarge(int format, byte[] raw) {
    assertThatThrownBy(() -> decoded(format, raw))
        .asInstanceOf(type(BadBodyException.class))
        .extracting(BadBodyException::kind)
        .isEqualTo(BadBodyException.Kind.TOO_LARGE);
  }

  private int decoded(int format, byte[] raw) throws IOException {
    byte[] body = WriteRequests.compress(raw);
    return bodies.raw(
        new ByteArrayInputStream(body),
        body.length,
        bytes -> Snappy.claimed(bytes, LIMIT),
        (bytes, memory) -> {
          SampleBatch batch = new SampleBatch();
          var unused =
              RemoteWriteCodec.decode(
                  format,
                  bytes,
                  LIMIT,
                  SeriesTables.empty(new MutableClock(Instant.EPOCH)),
                  batch,
                  memory);
          return batch.size();
        });
  }

  private static byte[] repeated(int number, int times) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      bytes.writeBytes(new byte[] {(byte) (number << 3 | 2), 0});
    }
    return bytes.toByteArray();
  }

  private static byte[] field(int number, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeByteArray(number, content);
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] concat(byte[] first, byte[] second) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(first);
    bytes.writeBytes(second);
    return bytes.toByteArray();
  }
}
