package dev.watchtower.ingest.query.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class PrometheusJsonTest {
  @Test
  void writesALargeAnswerPieceByPieceAndStopsWhenTheReaderIsGone() {
    Value matrix =
        new Value.Matrix(
            List.of(new Value.Points(Labels.EMPTY, new long[200_000], new double[200_000])));
    Reader reader = new Reader();

    assertThatThrownBy(() ->
            new PrometheusJson(JsonMapper.shared())
                .value(matrix, 0, Integer.MAX_VALUE)
                .write(reader))
        .isInstanceOf(IOException.class)
        .hasMessage("gone");
    assertThat(reader.largest).isLessThan(64 * 1024);
  }

  /** Goes away in the middle. */
  private static final class Reader extends OutputStream {
    private int largest;
    private int seen;

    @Override
    public void write(int one) throws IOException {
      write(new byte[1], 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      largest = Math.max(largest, length);
      seen += length;
      if (seen > 500_000) {
        throw new IOException("gone");
      }
    }
  }
}
