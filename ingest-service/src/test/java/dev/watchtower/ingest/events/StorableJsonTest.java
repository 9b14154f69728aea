package dev.watchtower.ingest.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class StorableJsonTest {
  private static final JsonMapper JSON = new JsonMapper();

  private static void check(String json, String path) {
    StorableJson.check(JSON.readTree(json), path);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"data\":{\"size\":1e400}}           |      | data.size",
        "{\"data\":{\"sizes\":[1,-1e400]}}     |      | data.sizes[1]",
        "{\"data\":[{\"a\":{\"b\":1e999}}]}  | [3]. | [3].data[0].a.b",
        "{\"data\":{\"text\":\"a\\u0000\"}} | [0]. | [0].data.text",
        "{\"data\":{\"a\":{\"\\ud800\":1}}} |      | data.a",
        "{\"id\":\"\\udc00\"}                |      | id",
      })
  void whatCannotBeStoredIsRefusedByItsPlace(String json, String prefix, String path) {
    assertThatThrownBy(() -> check(json, prefix == null ? "" : prefix))
        .isInstanceOfSatisfying(
            InvalidEventException.class, e -> assertThat(e.path()).isEqualTo(path));
  }

  @Test
  void noMoreIsAWholeNumberThatNoDoubleCanHold() {
    var digits = "1" + "0".repeat(400);

    assertThatThrownBy(() -> check("{\"data\":{\"n\":-" + digits + "}}", "[0]."))
        .isInstanceOfSatisfying(
            InvalidEventException.class, e -> assertThat(e.path()).isEqualTo("[0].data.n"));
    assertThatCode(() -> check("{\"n\":" + digits.substring(0, 300) + "}", ""))
        .doesNotThrowAnyException();
  }

  @Test
  void everythingElseIsTaken() {
    assertThatCode(() -> check("{\"a\":[1.7e308,-5,\"\\ud83d\\ude00\",null,true,{}]}", ""))
        .doesNotThrowAnyException();
  }
}
