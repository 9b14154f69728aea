package dev.watchtower.common.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicOriginTest {
  @ParameterizedTest
  @CsvSource({
    "https://wt.example, https://wt.example",
    "HTTPS://WT.example:443/watch/, https://wt.example",
    "http://wt.example:80, http://wt.example",
    "https://wt.example:8443/?a=b, https://wt.example:8443",
    "http://[::1]:8080/, http://[::1]:8080"
  })
  void isWrittenAsBrowsersWriteIt(String url, String origin) {
    assertThat(PublicOrigin.of(url)).hasValue(origin);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "wt.example", "ftp://wt.example", "https://", "https://a b"})
  void isNoneOfWhatIsNoAddressOfTheWeb(String url) {
    assertThat(PublicOrigin.of(url)).isEmpty();
  }

  @Test
  void isNeverAPattern() {
    assertThat(PublicOrigin.of("https://*")).isEmpty();
  }
}
