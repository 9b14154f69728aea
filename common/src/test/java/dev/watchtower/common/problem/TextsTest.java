package dev.watchtower.common.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {
  private static String checked(String name) {
    return Texts.plain("service", Texts.storable("service", name));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0x0, 0x9, 0xA, 0x1B, 0x7F, 0x85, 0x61C, 0x200E, 0x2028, 0x202E, 0x2066, 0x2069, 0xD83D
      })
  void refusesWhatMakesANameLookLikeAnother(int odd) {
    var name = "a" + (char) odd + "b";

    assertThatThrownBy(() -> checked(name))
        .isInstanceOfSatisfying(
            Problem.class,
            problem ->
                assertThat(problem.faults())
                    .extracting(Problem.Fault::path)
                    .containsExactly("service"));
    assertThat(Texts.madePlain(name)).isEqualTo("a\uFFFDb");
    assertThat(checked(Texts.madePlain(name))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "checkout",
        "shop service",
        "Bestellung ü",
        "\u05e9\u05dc\u05d5\u05dd",
        "\ud83d\ude80"
      })
  void takesNamesOfAnyScript(String name) {
    assertThat(checked(name)).isEqualTo(name);
    assertThat(Texts.madePlain(name)).isEqualTo(name);
  }

  @Test
  void aTextKeepsItsLinesButNoCharacterZero() {
    assertThat(Texts.storable("comment", "a\nb")).isEqualTo("a\nb");
    assertThatThrownBy(() -> Texts.storable("comment", "a\0b")).isInstanceOf(Problem.class);
  }
}
