package dev.watchtower.ingest.query.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimedOutputTest {
  private final ByteArrayOutputStream target = new ByteArrayOutputStream();
  private final AtomicLong nanos = new AtomicLong(5);

  @Test
  void refusesWhatComesTooLate() throws IOException {
    try (var output = new TimedOutput(target, Duration.ofNanos(10), nanos::get)) {
      output.write(new byte[] {0, 1, 2}, 1, 2);
      nanos.set(15);
      output.write(3);
      nanos.set(16);
      assertThatIOException().isThrownBy(() -> output.write(4));
      assertThat(target.toByteArray()).containsExactly(1, 2, 3);
    }
  }
}
