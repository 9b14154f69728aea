package dev.watchtower.ingest.query.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.ingest.query.QueryException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelNamesTest {
  @ParameterizedTest
  @CsvSource({
    "job, job",
    "bad-name, bad-name",
    "http.method, http.method",
    "U__http_2e_method, http.method",
    "U__http__method, http_method",
    "U___1F600_, 😀",
    "U__a_, U__a_",
    "U__a_x_, U__a_x_",
    "U__a_d800_, U__a_d800_",
    "U__a_110000_, U__a_110000_",
  })
  void aNameIsMeantAsItIsOrEscaped(String sent, String meant) {
    assertThat(LabelNames.of(sent)).isEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "U__"})
  void whatIsNoNameIsRefusedInPrometheusWords(String sent) {
    assertThatThrownBy(() -> LabelNames.of(sent))
        .isInstanceOf(QueryException.class)
        .hasMessage("invalid label name: \"" + sent + "\"");
  }
}
