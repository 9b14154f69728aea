package dev.watchtower.common.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GuardedProtocolTest {
  @Test
  void connectionsGetBuffersOfTheSizeThatWasAskedFor() {
    var protocol = new GuardedProtocol();

    assertThat(protocol.getDesiredBufferSize()).isEqualTo(-1);
    protocol.setBuffer(2048);

    assertThat(protocol.getDesiredBufferSize()).isEqualTo(2048);
    assertThat(protocol.getProperty("socket.appReadBufSize")).isEqualTo("2048");
    assertThat(protocol.getProperty("socket.appWriteBufSize")).isEqualTo("2048");
  }
}
