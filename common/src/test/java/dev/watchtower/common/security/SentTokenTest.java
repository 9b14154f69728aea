package dev.watchtower.common.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SentTokenTest {
  /** The pairs are {@code icinga:wt_a.b}, {@code :wt_a.b} and {@code a:b:c}. */
  @ParameterizedTest
  @CsvSource({
    "Bearer wt_a.b, wt_a.b",
    "bearer  wt_a.b, wt_a.b",
    "Basic aWNpbmdhOnd0X2EuYg==, wt_a.b",
    "basic Ond0X2EuYg==, wt_a.b",
    "Basic YTpiOmM=, b:c"
  })
  void isFoundAfterBearerAndInThePasswordOfBasic(String header, String token) {
    assertThat(SentToken.of(header)).isEqualTo(token);
  }

  /** The last is {@code wt_a.b} without a user. */
  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Digest wt_a.b", "Basic", "Basic ?", "Basic d3RfYS5i"})
  void isNotFoundElsewhere(String header) {
    assertThat(SentToken.of(header)).isNull();
  }

  @Test
  void isNotFoundWhereThereIsNoHeader() {
    assertThat(SentToken.of(null)).isNull();
  }
}
