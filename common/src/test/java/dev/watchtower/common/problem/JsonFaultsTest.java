package dev.watchtower.common.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.watchtower.common.wire.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

class JsonFaultsTest {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  record Sheet(
      @Nullable Integer count,
      @Nullable Double share,
      @Nullable Boolean on,
      @Nullable Duration pause,
      List<String> names) {
    Sheet {
      if (count != null && count < 0) {
        throw new IllegalArgumentException("count must not be negative");
      }
      names = names == null ? List.of() : List.copyOf(names);
    }
  }

  private static Problem fault(String body, Class<?> type) {
    return JsonFaults.of(
        catchThrowableOfType(JacksonException.class, () -> JSON.readValue(body, type)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"id":"x"}                     | id              | expected a UUID
          {"kind":"FOO"}                 | kind            | expected one of THRESHOLD, ANOMALY, BURN_RATE, NO_DATA, CHANGE, SERVICE_DOWN, EXTERNAL
          {"at":"yesterday"}             | at              | expected a time such as 2026-01-31T12:00:00Z
          {"summary":{}}                 | summary         | expected a text
          {"evidence":7}                 | evidence        | expected an object
          {"evidence":{"labels":{"a":null},"expression":"e"}} | evidence | cannot be used like this
          [1]                            | ``              | expected an object
          {"rule":"r"} {}                | ``              | expected one value and nothing behind it
          {"rule":                       | ``              | not well-formed JSON
          """)
  void areSaidInWordsOfTheBodyAndNotOfJava(String body, String path, String message) {
    var problem = fault(body, Signal.class);

    assertThat(problem.faults()).containsExactly(new Problem.Fault(path, message));
    assertThat(problem.getMessage()).contains(message).doesNotContain("dev.watchtower", "java.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"count":"many"}   | expected a whole number
          {"count":99999999999} | the number is out of range
          {"share":"half"}   | expected a number
          {"on":"perhaps"}   | expected true or false
          {"pause":"long"}    | expected a duration such as PT30M
          {"names":"one"}    | expected a list
          {"count":-1}       | count must not be negative
          {"names":[null]}   | cannot be used like this
          """)
  void nameWhatWasExpected(String body, String message) {
    assertThat(fault(body, Sheet.class).faults().getFirst().message()).isEqualTo(message);
  }

  @Test
  void sayThatABodyIsTooDeep() {
    assertThat(fault("[".repeat(2000), List.class).getMessage()).contains("nested too deeply");
  }

  @Test
  void theElementOfAListIsNamed() throws Exception {
    class Doors {
      @SuppressWarnings("unused")
      void door(Set<Thread.State> states, Map<String, String> other) {}
    }

    var types = Doors.class.getDeclaredMethod("door", Set.class, Map.class);

    assertThat(Expected.elementOf(types.getGenericParameterTypes()[0])).contains("one of NEW, ");
    assertThat(Expected.elementOf(types.getGenericParameterTypes()[1])).contains("another type");
    assertThat(Expected.elementOf(String[].class)).isEqualTo("expected a text");
  }
}
