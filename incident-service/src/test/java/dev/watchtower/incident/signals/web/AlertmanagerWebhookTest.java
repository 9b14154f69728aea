package dev.watchtower.incident.signals.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.wire.Signal;
import dev.watchtower.incident.signals.web.AlertmanagerWebhook.Alert;
import dev.watchtower.incident.signals.web.AlertmanagerWebhook.Naming;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlertmanagerWebhookTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
  private static final String BEFORE = "2026-03-02T09:00:00+00:00";
  private static final String NOT_SET = "0001-01-01T00:00:00Z";
  private static final Naming NAMING = new Naming(List.of("service"), List.of("env"));

  private static Alert alert(String status, String startsAt, String endsAt) {
    return new Alert(status, Map.of("alertname", "X"), Map.of(), startsAt, endsAt, "", "fp");
  }

  private static List<Signal> signals(Instant now, Alert... alerts) {
    return new AlertmanagerWebhook("4", "group", 0L, List.of(alerts)).signals(NAMING, now);
  }

  @Test
  void aTimeThatIsNotSetIsThatOfReceipt() {
    var signals =
        signals(
            NOW,
            alert("firing", BEFORE, NOT_SET),
            alert("firing", NOT_SET, NOT_SET),
            alert("resolved", BEFORE, NOT_SET));

    assertThat(signals)
        .extracting(Signal::at)
        .containsExactly(Instant.parse("2026-03-02T09:00:00Z"), NOW, NOW);
  }

  @Test
  void anAlertWithItsStartIsTheSameWheneverItComesAndOneWithoutIsNot() {
    var known = alert("firing", BEFORE, NOT_SET);
    var unknown = alert("firing", NOT_SET, NOT_SET);
    var later = NOW.plusSeconds(300);

    assertThat(signals(NOW, known)).isEqualTo(signals(later, known));
    assertThat(signals(NOW, unknown).getFirst().id())
        .isNotEqualTo(signals(later, unknown).getFirst().id());
  }

  @Test
  void anOddNameIsMadePlainSinceARefusalWouldTakeTheOtherAlertsWithIt() {
    var labels = Map.of("alertname", "X", "service", "a\u001b[31m\u202eb", "env", "p\nq");
    var odd = new Alert("firing", labels, Map.of(), BEFORE, NOT_SET, "", "fp");

    var signal = SignalChecks.checked(signals(NOW, odd).getFirst());

    assertThat(signal.service()).isEqualTo("a\ufffd[31m\ufffdb");
    assertThat(signal.env()).isEqualTo("p\ufffdq");
  }

  @Test
  void oddTextsAreMadeStorableSinceARefusalWouldTakeTheOtherAlertsWithThem() {
    var whole = "\ud83d\ude80";
    var long1 = "s".repeat(498) + whole + "more and more";
    var long2 = "v".repeat(998) + whole + "more and more";
    var labels = Map.of("alertname", "X\ud83d", "severity\ude00", "\ude00", "long", long2);
    var cutInAPair =
        new Alert("firing", labels, Map.of("summary", long1), BEFORE, NOT_SET, "", "fp\ud83d");
    var halves =
        new Alert(
            "firing",
            Map.of("alertname", "\0"),
            Map.of("summary", "a\ud83db" + whole + "\ude00"),
            BEFORE,
            NOT_SET,
            "http://prom/\ud83d",
            "\0");

    var signals = signals(NOW, cutInAPair, halves, alert("firing", BEFORE, NOT_SET));

    assertThat(signals).allSatisfy(SignalChecks::checked);
    assertThat(signals)
        .extracting(Signal::summary)
        .containsExactly("s".repeat(498) + "…", "a\ufffdb" + whole + "\ufffd", "X");
    assertThat(signals).extracting(Signal::rule).containsExactly("X\ufffd", "alert", "X");
    assertThat(signals.getFirst().evidence().labels())
        .containsEntry("long", "v".repeat(998) + "…")
        .containsEntry("severity\ufffd", "\ufffd");
  }

  @ParameterizedTest
  @CsvSource({
    "firing, 1969-12-31T23:59:59Z, 0001-01-01T00:00:00Z, alerts[1].startsAt",
    "firing, 0001-01-01T00:00:01Z, 0001-01-01T00:00:00Z, alerts[1].startsAt",
    "firing, soon, 0001-01-01T00:00:00Z, alerts[1].startsAt",
    "resolved, 2026-03-02T09:00:00Z, 9999-12-31T00:00:00Z, alerts[1].endsAt",
    "resolved, 2026-03-02T09:00:00Z, , alerts[1].endsAt",
    "resolved, 1850-03-02T09:00:00Z, 2026-03-02T09:00:00Z, alerts[1].startsAt",
  })
  void aTimeThatCannotBeIsRefusedByItsPlace(
      String status, String startsAt, String endsAt, String path) {
    var good = alert("firing", BEFORE, NOT_SET);

    assertThatThrownBy(() -> signals(NOW, good, alert(status, startsAt, endsAt)))
        .isInstanceOfSatisfying(
            Problem.class,
            problem ->
                assertThat(problem.faults()).extracting(Problem.Fault::path).containsExactly(path));
  }
}
