package dev.watchtower.incident.mute.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.incident.mute.MuteRule;
import dev.watchtower.incident.mute.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The bodies that the pages give to be pasted are taken, whenever that is. */
class MuteExamplesTest {
  private static final Path ROOT = Path.of("..");
  private static final Instant NOW = Instant.parse("2031-05-01T10:00:00Z");
  private static final Pattern BODY =
      Pattern.compile("\\{\"matchers\": .*?\\}(?=\n```|'\n)", Pattern.DOTALL);

  private final JsonMapper json = JsonMapper.builder().build();

  @Test
  void theRunbookMutesForTwoHoursFromNow() throws IOException {
    var bodies = bodies("runbook.md");

    assertThat(bodies).hasSize(1);
    assertThat(schedule(bodies.getFirst(), MuteRule.Kind.MAINTENANCE)).isEqualTo(twoHours());
    assertThat(schedule(bodies.getFirst(), MuteRule.Kind.SILENCE)).isEqualTo(twoHours());
  }

  @Test
  void thePageHasABodyForOnceAndOneForEveryWeek() throws IOException {
    var bodies = bodies("docs/notifications.md");

    assertThat(bodies).hasSize(2);
    assertThat(schedule(bodies.getFirst(), MuteRule.Kind.SILENCE)).isEqualTo(twoHours());
    assertThat(schedule(bodies.getLast(), MuteRule.Kind.MAINTENANCE))
        .isInstanceOf(Schedule.Weekly.class);
  }

  @Test
  void thePageShowsAllMatchers() throws IOException {
    var all = Pattern.compile("(?m)^\\{\"services\": .*$").matcher(read("docs/notifications.md"));

    assertThat(all.find()).isTrue();
    var matchers = request("{\"matchers\": " + all.group() + "}").checkedMatchers();
    assertThat(matchers.toString()).doesNotContain("[]", "{}");
  }

  private static Schedule twoHours() {
    return new Schedule.Once(NOW, NOW.plus(Duration.ofHours(2)));
  }

  private Schedule schedule(String body, MuteRule.Kind kind) {
    var request = request(body);
    assertThat(request.checkedMatchers().coversAll()).isFalse();
    assertThat(request.checkedReason()).isNotBlank();
    return request.checkedSchedule(kind, NOW);
  }

  private MuteRequest request(String body) {
    return json.readValue(body, MuteRequest.class);
  }

  private static List<String> bodies(String page) throws IOException {
    return BODY.matcher(read(page)).results().map(r -> r.group()).toList();
  }

  private static String read(String page) throws IOException {
    return Files.readString(ROOT.resolve(page)).replace("\r\n", "\n");
  }
}
