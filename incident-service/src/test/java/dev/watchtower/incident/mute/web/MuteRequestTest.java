package dev.watchtower.incident.mute.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.incident.mute.MuteRule;
import dev.watchtower.incident.mute.Schedule;
import java.time.DayOfWeek;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class MuteRequestTest {
  private static final Instant NOW = Instant.parse("2031-05-01T10:00:00Z");

  private final JsonMapper json = JsonMapper.builder().build();

  private Schedule window(String days) {
    var body =
        """
        {"matchers": {"services": ["checkout"]}, "reason": "backup", "recurring":
         {"timeZone": "UTC",%s "at": "02:15", "duration": "PT20M"}}\
        """
            .formatted(days);
    return json.readValue(body, MuteRequest.class).checkedSchedule(MuteRule.Kind.MAINTENANCE, NOW);
  }

  @Test
  void aWindowOnNoDayIsRefusedAndNotTakenForEveryDay() {
    assertThatThrownBy(() -> window("\"days\": [],"))
        .isInstanceOfSatisfying(
            Problem.class,
            problem ->
                assertThat(problem.faults())
                    .singleElement()
                    .satisfies(fault -> {
                      assertThat(fault.path()).isEqualTo("recurring.days");
                      assertThat(fault.message()).startsWith("must not be empty: leave it out");
                    }));
  }

  @Test
  void aWindowThatNamesNoDaysComesEveryDay() {
    assertThat(window(""))
        .isInstanceOfSatisfying(
            Schedule.Weekly.class,
            weekly -> assertThat(weekly.days()).containsExactlyInAnyOrder(DayOfWeek.values()));
  }
}
