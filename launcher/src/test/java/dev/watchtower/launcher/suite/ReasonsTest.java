package dev.watchtower.launcher.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class ReasonsTest {
  @Test
  void saysWhatTheSystemSaidOfAFile() {
    var full = new IOException("No space left on device");
    assertThat(Reasons.of(new UncheckedIOException("cannot write keys/shop.token", full)))
        .isEqualTo("cannot write keys/shop.token: No space left on device");
    assertThat(Reasons.of(full)).isEqualTo("No space left on device");
    assertThat(Reasons.of(new IllegalStateException())).contains("IllegalStateException");
  }
}
