package dev.watchtower.common.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  @Test
  void continuesTheCallersTraceInASpanOfItsOwn() {
    var context = TraceContext.continued("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00");

    assertThat(context.traceId()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(context.spanId()).hasSize(16).isNotEqualTo("00f067aa0ba902b7");
    assertThat(context.sampled()).isFalse();
    assertThat(context.traceparent()).endsWith("-00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"
      })
  void startsAnewWhereTheHeaderIsMalformed(String header) {
    assertThat(TraceContext.continued(header).traceId())
        .hasSize(32)
        .doesNotContain("4bf92f3577b34da6a3ce929d0e0e4736")
        .isNotEqualTo("0".repeat(32));
  }

  @Test
  void isKnownToTheThreadOnlyWhileOpen() {
    var context = TraceContext.fresh();

    try (var _ = context.open()) {
      assertThat(TraceContext.current()).contains(context);
    }

    assertThat(TraceContext.current()).isEmpty();
  }
}
