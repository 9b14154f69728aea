package dev.watchtower.incident.notification.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.incident.notification.Answer;
import dev.watchtower.incident.notification.http.HttpSender.Reply;
import java.net.http.HttpHeaders;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepliesTest {
  private static Answer meaning(int status) {
    var headers = HttpHeaders.of(Map.of(), (name, value) -> true);
    return Replies.meaning("the hook", new Reply.Answered(status, headers, ""), "id");
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
