package dev.watchtower.monitor.auth.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginOutcomesTest {
  @Test
  void leadsOnToAPageOfOurs() {
    assertThat(LoginOutcomes.local("/incidents/1?tab=x")).isEqualTo("/incidents/1?tab=x");
    assertThat(LoginOutcomes.local(null)).isEqualTo("/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/a\r\nSet-Cookie: x"
      })
  void leadsNowhereElse(String next) {
    assertThat(LoginOutcomes.local(next)).isEqualTo("/");
  }
}
