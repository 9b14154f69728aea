package dev.watchtower.common.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FieldsTest {
  @Test
  void aListWithoutNullsIsTakenAndNoneIsAnEmptyOne() {
    assertThat(Fields.noNulls("days", List.of("a", "b"))).containsExactly("a", "b");
    assertThat(Fields.noNulls("days", null)).isEmpty();
  }

  @Test
  void theFirstNullIsNamedByItsPlace() {
    assertThatThrownBy(() -> Fields.noNulls("days", Arrays.asList("a", null, null)))
        .isInstanceOfSatisfying(
            Problem.class,
            problem ->
                assertThat(problem.faults())
                    .containsExactly(new Problem.Fault("days[1]", "must not be null")));
  }

  @Test
  void aValueThatIsNoneIsNamed() {
    assertThat(Fields.notNull("name", "x")).isEqualTo("x");
    assertThatThrownBy(() -> Fields.notNull("name", null))
        .isInstanceOf(Problem.class)
        .hasMessage("name: must not be null");
  }
}
