package dev.watchtower.launcher.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class ReasonsTest {
  @Test
  void saysWhatTheSystemSaidOfAFile() {
    var full = new IOException("No space left on device");
    assertThat(Reasons.of(new UncheckedIOException("cannot write keys/shop.token", full)))
        .isEqualTo("cannot write keys/shop.token: No space left on device");
    var denied = new AccessDeniedException("keys/launcher.key");
    assertThat(Reasons.of(new UncheckedIOException("cannot read a key", denied)))
        .isEqualTo("cannot read a key: keys/launcher.key may not be read or written by this user");
    assertThat(Reasons.of(new NoSuchFileException("a"))).isEqualTo("a is not there");
    assertThat(Reasons.of(full)).isEqualTo("No space left on device");
    assertThat(Reasons.of(new IllegalStateException())).contains("IllegalStateException");
  }
}
