package dev.watchtower.incident.notification.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.incident.notification.Answer;
import dev.watchtower.incident.notification.http.HttpSender.Reply;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepliesTest {
  private static final String DATE = "Sat, 28 Nov 2026 09:00:00 GMT";

  private static Answer meaning(int status) {
    return meaning(status, Map.of());
  }

  private static Answer meaning(int status, Map<String, List<String>> told) {
    var headers = HttpHeaders.of(told, (name, value) -> true);
    return Replies.meaning("the hook", new Reply.Answered(status, headers, "", false), "id");
  }

  // A proxy says 502 or 504 too when the receiver has the message and its answer is lost.
  @ParameterizedTest
  @CsvSource({
    "500, true",
    "501, true",
    "502, true",
    "503, false",
    "504, true",
    "408, false",
    "425, false"
  })
  void whatMayHaveBeenTakenAllTheSame(int status, boolean mayHaveArrived) {
    assertThat(meaning(status))
        .isEqualTo(new Answer.Unavailable("the hook answered " + status, mayHaveArrived));
  }

  @Test
  void whatIsTakenIsTakenThoughTheAnswerBreaksOff() {
    var broken = new Reply.Answered(200, HttpHeaders.of(Map.of(), (n, v) -> true), "", true);

    assertThat(Replies.meaning("the hook", broken, "id")).isInstanceOf(Answer.Sent.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "120 | 120000",
        "0.2 | 200",
        "Sat, 28 Nov 2026 09:10:00 GMT | 600000",
        "Sat, 28 Nov 2026 11:00:00 GMT | 900000",
        "86400 | 900000",
      })
  void howLongTheReceiverWantsToBeLeftAlone(String told, long millis) {
    var headers = Map.of("Retry-After", List.of(told), "Date", List.of(DATE));
    var wait = Duration.ofMillis(millis);

    assertThat(meaning(429, headers)).isEqualTo(new Answer.Limited(wait, false));
    assertThat(meaning(503, headers))
        .isEqualTo(new Answer.Unavailable("the hook answered 503", false, wait));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-5", "Sat, 28 Nov 2026 08:00:00 GMT", DATE})
  void whatSaysNothingOfUseIsAsGoodAsNothing(String told) {
    var headers = Map.of("Retry-After", List.of(told), "Date", List.of(DATE));

    assertThat(meaning(429, headers)).isEqualTo(new Answer.Limited(Duration.ofSeconds(2), false));
    assertThat(meaning(503, headers))
        .isEqualTo(new Answer.Unavailable("the hook answered 503", false));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 202, 204, 299})
  void whatWasTaken(int status) {
    assertThat(meaning(status)).isInstanceOf(Answer.Sent.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 401, 403, 404, 410})
  void whatBreaksTheChannel(int status) {
    assertThat(meaning(status)).isInstanceOf(Answer.ChannelGone.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 405, 413, 422, 499})
  void whatIsNeverTaken(int status) {
    assertThat(meaning(status)).isInstanceOf(Answer.Refused.class);
  }
}
