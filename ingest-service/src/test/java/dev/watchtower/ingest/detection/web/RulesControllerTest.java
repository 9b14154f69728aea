package dev.watchtower.ingest.detection.web;

import static org.hamcrest.Matchers.hasSize;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.watchtower.common.catalog.Catalog;
import dev.watchtower.common.wire.Severity;
import dev.watchtower.common.wire.SignalKind;
import dev.watchtower.ingest.detection.AlertBoard;
import dev.watchtower.ingest.detection.Detector;
import dev.watchtower.ingest.detection.RuleBook;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

class RulesControllerTest {
  private static final Catalog.Rule FULL =
      rule("full", SignalKind.THRESHOLD, null, "queue_depth > 100");
  private static final Catalog.Rule ERRORS =
      rule("errors", SignalKind.THRESHOLD, "error_rate", null);
  private static final Catalog.Rule SILENT = rule("silent", SignalKind.NO_DATA, null, null);

  private final AlertBoard board = new AlertBoard();
  private final List<String> faults = new ArrayList<>();
  private final RuleBook book = new RuleBook(List.of(FULL, ERRORS, SILENT));
  private final Detector detector = new Detector(book);
  private final MockMvc http =
      MockMvcBuilders.standaloneSetup(new RulesController(board, () -> faults)).build();

  private static Catalog.Rule rule(
      String name, SignalKind kind, @Nullable String signal, @Nullable String expression) {
    return new Catalog.Rule(
        name,
        kind,
        signal,
        expression,
        signal == null ? null : ">",
        signal == null ? null : 0.05,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Duration.ofSeconds(45),
        Severity.SEV2,
        List.of("*"),
        List.of("*"),
        0,
        "The queue is full",
        "runbook.md#queue");
  }

  private void queue(long second, double depth) {
    var labels = Labels.of("__name__", "queue_depth", "service", "shop", "env", "prod", "q", "a");
    detector.onVector(
        book.onExpressions().get("full"), second * 1000, List.of(new Value.Sample(labels, depth)));
    board.put(detector, second * 1000);
  }

  @Test
  void tellsHowAlertsStandAsPrometheusDoes() throws Exception {
    queue(1_000, 150);
    var pending =
        """
        {"labels":{"alertname":"full","service":"shop","env":"prod","severity":"SEV2","q":"a"},
         "annotations":{"summary":"The queue is full","runbook_url":"runbook.md#queue"},
         "state":"pending","activeAt":"1970-01-01T00:16:40Z","value":"150"}
        """;
    answers("/api/v1/alerts", "{\"alerts\":[" + pending + "]}");

    queue(1_030, 160);
    var firing = pending.replace("pending", "firing").replace("\"150\"", "\"160\"");
    answers("/api/v1/alerts", "{\"alerts\":[" + firing + "]}");
    answers(
        "/api/v1/rules?type=alert&rule_name[]=full",
        """
        {"groups":[{"name":"watchtower","file":"watchtower.yaml","interval":15,"limit":0,
          "evaluationTime":0,"lastEvaluation":"1970-01-01T00:17:10Z","rules":[
          {"state":"firing","name":"full","query":"queue_depth > 100","duration":30.0,
           "keepFiringFor":10.0,"labels":{"severity":"SEV2"},
           "annotations":{"summary":"The queue is full","runbook_url":"runbook.md#queue"},
           "alerts":[%s],"health":"ok","evaluationTime":0,
           "lastEvaluation":"1970-01-01T00:17:10Z","type":"alerting"}]}]}
        """
            .formatted(firing));
  }

  @Test
  void tellsWhatIsWrongWithARule() throws Exception {
    queue(1_000, 1);
    faults.add("rules.errors: query timed out");
    http.perform(get("/api/v1/rules"))
        .andExpect(jsonPath("$.data.groups[0].rules[0].name").value("full"))
        .andExpect(jsonPath("$.data.groups[0].rules[1].query").value("error_rate > 0.05"))
        .andExpect(jsonPath("$.data.groups[0].rules[1].state").value("inactive"))
        .andExpect(jsonPath("$.data.groups[0].rules[1].health").value("err"))
        .andExpect(jsonPath("$.data.groups[0].rules[1].lastError").value("query timed out"))
        .andExpect(jsonPath("$.data.groups[0].rules[2].query").value("no sample for 45s"))
        .andExpect(jsonPath("$.data.groups[0].rules[2].lastError").doesNotExist());
  }

  @ParameterizedTest
  @CsvSource({
    "type=record, 0",
    "type=, 3",
    "rule_name[]=full&rule_name[]=silent&rule_name[]=other, 2",
    "rule_group[]=watchtower, 3",
    "rule_group[]=other, 0",
    "file[]=other.yaml, 0",
  })
  void givesTheRulesThatAreAskedFor(String parameters, int rules) throws Exception {
    queue(1_000, 1);
    http.perform(get("/api/v1/rules?" + parameters))
        .andExpect(status().isOk())
        .andExpect(jsonPath("$.data.groups.length()").value(rules == 0 ? 0 : 1))
        .andExpect(jsonPath("$.data.groups[*].rules[*]").value(hasSize(rules)));
  }

  @Test
  void leavesAlertsOutWhereTheyAreNotWanted() throws Exception {
    queue(1_000, 150);
    http.perform(get("/api/v1/rules?exclude_alerts=true"))
        .andExpect(jsonPath("$.data.groups[0].rules[0].state").value("pending"))
        .andExpect(jsonPath("$.data.groups[0].rules[0].alerts").doesNotExist());
  }

  @ParameterizedTest
  @ValueSource(strings = {"type=alerting", "exclude_alerts=maybe"})
  void refusesWhatIsNoChoice(String parameter) throws Exception {
    http.perform(get("/api/v1/rules?" + parameter))
        .andExpect(status().isBadRequest())
        .andExpect(jsonPath("$.errorType").value("bad_data"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rules", "alerts"})
  void doesNotSayThatNothingFiresBeforeThatIsKnown(String path) throws Exception {
    http.perform(get("/api/v1/" + path))
        .andExpect(status().isServiceUnavailable())
        .andExpect(jsonPath("$.status").value("error"));
  }

  private void answers(String path, String data) throws Exception {
    http.perform(get(path))
        .andExpect(status().isOk())
        .andExpect(
            content()
                .json("{\"status\":\"success\",\"data\":" + data + "}", JsonCompareMode.STRICT));
  }
}
