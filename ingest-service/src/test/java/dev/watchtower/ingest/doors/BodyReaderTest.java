package dev.watchtower.ingest.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.series.SeriesStore.StoreUnavailableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

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
              memory.use(11L * MEGABYTE);
              return "";
            }))
        .isInstanceOf(BadBodyException.class)
        .hasMessageContaining("several parts");
  }

  @Test
  void asksToComeBackWhereOthersHoldWhatIsMissing() throws IOException {
    BodyReader.Use<String> greedy =
        (_, memory) -> {
          memory.use(9L * MEGABYTE);
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
  void takesLittleForABodyOfWhichLittleHasCome() throws IOException {
    assertThat(nested(300)).isEqualTo(300);
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
