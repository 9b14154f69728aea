package dev.watchtower.ingest.doors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {
  private static final int MEGABYTE = 1 << 20;

  private final BodyReader bodies = new BodyReader(() -> 2 * MEGABYTE, 10 * MEGABYTE);

  @Test
  void takesMemoryForWhatABodyBecomesBeforeItIsDecompressed() throws IOException {
    String answer =
        small((_, _) -> {
          assertThatThrownBy(() -> small((_, _) -> "second"))
              .isInstanceOf(StoreUnavailableException.class);
          return "first";
        });

    assertThat(answer).isEqualTo("first");
    assertThat(small((_, _) -> "after")).isEqualTo("after");
  }

  @Test
  void sendsAwayForGoodWhatWouldNeverFit() {
    assertThatThrownBy(() ->
            small((_, memory) -> {
              memory.use(9L * MEGABYTE);
              return "";
            }))
        .isInstanceOf(BadBodyException.class)
        .hasMessageContaining("several parts");
  }

  @Test
  void asksToComeBackWhereOthersHoldWhatIsMissing() throws IOException {
    BodyReader.Use<String> greedy =
        (_, memory) -> {
          memory.use(8L * MEGABYTE);
          return "";
        };
    String outer =
        small((_, memory) -> {
          assertThatThrownBy(() -> bodies.decoded(one(), 1, null, greedy))
              .isInstanceOf(StoreUnavailableException.class);
          return "";
        });

    assertThat(outer).isEmpty();
    assertThat(bodies.<String>decoded(one(), 1, null, greedy)).isEmpty();
  }

  @Test
  void saysTheSameOfWhatWouldNeverFitWhateverSmallOnesHold() throws IOException {
    // Some of everything between nothing and what is kept for others.
    for (var held = 0L; held < MEGABYTE; held += 100_003) {
      var others = held;
      bodies.<String>decoded(
          one(),
          1,
          null,
          (_, memory) -> {
            memory.use(others);
            assertThatThrownBy(() -> bodies.decoded(one(), 1, null, (_, own) -> endless(own)))
                .isInstanceOf(BadBodyException.class);
            return "";
          });
    }
  }

  @Test
  void saysTheSameOfWhatIsCountedBeforehandWhateverOthersHold() throws IOException {
    bodies.<String>decoded(
        one(),
        1,
        null,
        (_, memory) -> {
          memory.use(8L * MEGABYTE);
          assertThatThrownBy(
                  () -> bodies.decoded(one(), 1, null, (_, own) -> counted(own, 9 * MEGABYTE)))
              .isInstanceOf(BadBodyException.class);
          assertThatThrownBy(
                  () -> bodies.decoded(one(), 1, null, (_, own) -> counted(own, 8 * MEGABYTE)))
              .isInstanceOf(StoreUnavailableException.class);
          return "";
        });
    assertThat(bodies.<String>decoded(one(), 1, null, (_, own) -> counted(own, 8 * MEGABYTE)))
        .isEmpty();
  }

  @Test
  void givesOneAllThatOneCanHave() throws IOException {
    var all = 10L * MEGABYTE * 7 / 8;

    // Two bytes are the body's.
    assertThat(bodies.<String>decoded(one(), 1, null, (_, own) -> used(own, all - 2))).isEmpty();
    assertThatThrownBy(() -> bodies.decoded(one(), 1, null, (_, own) -> used(own, all - 1)))
        .isInstanceOf(BadBodyException.class);
  }

  @Test
  void refusesWhatNeedsADictionaryThatNobodyHas() {
    Deflater deflater = new Deflater();
    deflater.setDictionary("metrics".getBytes(UTF_8));
    deflater.setInput("metrics metrics".getBytes(UTF_8));
    deflater.finish();
    byte[] body = new byte[100];
    int length = deflater.deflate(body);
    deflater.end();

    assertThatThrownBy(() ->
            bodies.decoded(
                new ByteArrayInputStream(body, 0, length), length, "deflate", (_, _) -> ""))
        .isInstanceOf(BadBodyException.class)
        .hasMessageContaining("preset dictionary");
  }

  private static String endless(RequestMemory memory) {
    for (var i = 0; i < 20_000; i++) {
      memory.use(1000);
    }
    return "";
  }

  private static String counted(RequestMemory memory, int bytes) {
    for (var i = 0; i < bytes; i += 1024) {
      memory.count(1024);
    }
    memory.takeCounted();
    return "";
  }

  private static String used(RequestMemory memory, long bytes) {
    memory.use(bytes);
    return "";
  }

  @Test
  void takesLittleForABodyOfWhichLittleHasCome() throws IOException {
    assertThat(nested(300)).isEqualTo(300);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "zlib", "Deflate"})
  void decompressesWhatSendersCompress(String encoding) throws IOException {
    var body = "metrics ".repeat(1000).getBytes(UTF_8);
    var sent = compressed(encoding, body);

    assertThat(bodies.<byte[]>decoded(stream(sent), sent.length, encoding, (read, _) -> read))
        .isEqualTo(body);
    assertThatThrownBy(() ->
            bodies.decoded(
                stream(Arrays.copyOf(sent, sent.length - 5)), -1, encoding, (_, _) -> ""))
        .isInstanceOf(BadBodyException.class)
        .hasMessageContaining("not all of it");
    assertThatThrownBy(() -> bodies.decoded(stream(body), -1, encoding, (_, _) -> ""))
        .isInstanceOf(BadBodyException.class)
        .hasMessageContaining("not " + encoding.toLowerCase(Locale.ROOT));
  }

  @Test
  void stopsAtTheLimitHoweverSmallItCame() throws IOException {
    var sent = compressed("deflate", new byte[3 * MEGABYTE]);

    assertThat(sent.length).isLessThan(MEGABYTE / 100);
    assertThatThrownBy(() -> bodies.decoded(stream(sent), sent.length, "deflate", (_, _) -> ""))
        .isInstanceOfSatisfying(
            BadBodyException.class,
            e -> assertThat(e.kind()).isEqualTo(BadBodyException.Kind.TOO_LARGE));
  }

  @Test
  void saysWhatIsTakenInPlaceOfAnotherEncoding() {
    assertThatThrownBy(() -> bodies.decoded(one(), 1, "zstd", (_, _) -> ""))
        .isInstanceOfSatisfying(
            BadBodyException.class,
            e -> assertThat(e.kind()).isEqualTo(BadBodyException.Kind.UNSUPPORTED))
        .hasMessage("Content-Encoding zstd is not taken; gzip and deflate are");
  }

  private static byte[] compressed(String encoding, byte[] body) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out =
        encoding.equals("gzip") ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
      out.write(body);
    }
    return bytes.toByteArray();
  }

  private static ByteArrayInputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  /** So many small bodies at the same time, each in the hands of the one before. */
  private int nested(int depth) throws IOException {
    return depth == 0
        ? 0
        : bodies.decoded(
            one(),
            1,
            null,
            (_, _) -> {
              try {
                return 1 + nested(depth - 1);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
  }

  /** A body of a byte that says it becomes 1.5 MB. */
  private String small(BodyReader.Use<String> use) throws IOException {
    return bodies.raw(one(), 1, _ -> MEGABYTE * 3L / 2, use);
  }

  private static ByteArrayInputStream one() {
    return new ByteArrayInputStream(new byte[1]);
  }
}
