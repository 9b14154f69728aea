package dev.watchtower.monitor.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
  @Test
  void anAddressIsANetworkOfItsOwn() {
    assertThat(Proxies.networks("127.0.0.1, ::1,10.1.0.0/16"))
        .isEqualTo("127.0.0.1/32,0:0:0:0:0:0:0:1/128,10.1.0.0/16");
  }

  @Test
  void nobodyIsTrustedWhoIsNotListed() {
    assertThat(Proxies.networks(" ")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proxy.local",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "10\\.0.*",
        "10.1/16",
        "10",
        "2886729728/12"
      })
  void whatIsNoAddressIsRefusedAndNotIgnored(String list) {
    assertThatThrownBy(() -> Proxies.networks(list))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("WATCHTOWER_PROXIES: '" + list + "'");
  }
}
