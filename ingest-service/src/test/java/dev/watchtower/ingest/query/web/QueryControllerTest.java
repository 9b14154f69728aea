package dev.watchtower.ingest.query.web;

import static org.hamcrest.Matchers.startsWith;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.watchtower.common.test.MutableClock;
import dev.watchtower.ingest.query.HandMadeStore;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryLimits;
import dev.watchtower.ingest.query.SharedQueries;
import dev.watchtower.ingest.series.Samples;
import dev.watchtower.ingest.series.Series;
import dev.watchtower.ingest.series.SeriesStore;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.RequestBuilder;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import tools.jackson.databind.json.JsonMapper;

class QueryControllerTest {
  private final AtomicLong nanos = new AtomicLong();

  /** What goes on while series are searched. */
  private Runnable checked = () -> {};

  private final HandMadeStore store =
      new HandMadeStore() {
        @Override
        public SeriesStore checked(Runnable check) {
          checked.run();
          check.run();
          return this;
        }

        @Override
        public List<Samples> read(List<Series> of, long from, long to, long max) {
          if (of.stream().anyMatch(s -> s.labels().metricName().equals("unreadable"))) {
            throw new StoreUnavailableException("PostgreSQL does not answer");
          }
          return super.read(of, from, to, max);
        }
      };
  private final MockMvc http =
      MockMvcBuilders.standaloneSetup(
              new QueryController(
                  new SharedQueries(
                      new QueryEngine(store, QueryLimits.DEFAULT, nanos::get), nanos::get),
                  JsonMapper.shared(),
                  new MutableClock(Instant.ofEpochSecond(1_000))))
          .build();

  QueryControllerTest() {
    store.row("up{job=\"a\"}", 990, 5, 1, 0.5, 1);
    store.row("up{job=\"b\"}", 990, 5, Double.NaN, Double.POSITIVE_INFINITY, 0);
    store.row("unreadable", 990, 5, 1);
  }

  private void answers(RequestBuilder request, String json) throws Exception {
    http.perform(request)
        .andExpect(status().isOk())
        .andExpect(content().contentType(MediaType.APPLICATION_JSON))
        .andExpect(content().json(json, JsonCompareMode.STRICT));
  }

  private void refuses(RequestBuilder request, int status, String type, String message)
      throws Exception {
    http.perform(request)
        .andExpect(status().is(status))
        .andExpect(
            content()
                .json(
                    JsonMapper.shared()
                        .writeValueAsString(
                            java.util.Map.of(
                                "status", "error", "errorType", type, "error", message)),
                    JsonCompareMode.STRICT));
  }

  @Test
  void ofARepeatedParameterTheFirstCounts() throws Exception {
    http.perform(get("/api/v1/query").param("query", "1", "2 +").param("time", "7", "x"))
        .andExpect(status().isOk())
        .andExpect(jsonPath("$.data.result[0]").value(7))
        .andExpect(jsonPath("$.data.result[1]").value("1"));
    http.perform(get("/api/v1/query").param("query", "vector(1,", "1)"))
        .andExpect(status().isBadRequest());
  }

  @Test
  void answersAVectorNow() throws Exception {
    answers(
        get("/api/v1/query").param("query", "up{job=\"a\"}"),
        """
        {"status":"success","data":{"resultType":"vector","result":[
          {"metric":{"__name__":"up","job":"a"},"value":[1000,"1"]}]}}
        """);
  }

  @Test
  void answersAFormAtAnInstantWithAFraction() throws Exception {
    answers(
        post("/api/v1/query")
            .contentType(MediaType.APPLICATION_FORM_URLENCODED)
            .param("query", "sum(up{job=\"a\"})")
            .param("time", "995.5"),
        """
        {"status":"success","data":{"resultType":"vector","result":[
          {"metric":{},"value":[995.500,"0.5"]}]}}
        """);
  }

  @Test
  void answersScalarsAndStrings() throws Exception {
    answers(
        get("/api/v1/query").param("query", "1/0").param("time", "1970-01-01T00:00:10Z"),
        "{\"status\":\"success\",\"data\":{\"resultType\":\"scalar\",\"result\":[10,\"+Inf\"]}}");
    answers(
        get("/api/v1/query").param("query", "\"x\"").param("time", "10"),
        "{\"status\":\"success\",\"data\":{\"resultType\":\"string\",\"result\":[10,\"x\"]}}");
  }

  @Test
  void aNumberWithALetterIsNoTime() throws Exception {
    for (var time : new String[] {"10d", "10f", "1e1D", " 10"}) {
      http.perform(get("/api/v1/query").param("query", "1").param("time", time))
          .andExpect(status().isBadRequest());
    }
  }

  @Test
  void aLimitCutsSeriesOffAndSaysSo() throws Exception {
    var limited = get("/api/v1/query").param("query", "up").param("limit", "1");
    answers(
        limited,
        """
        {"status":"success","data":{"resultType":"vector","result":[
          {"metric":{"__name__":"up","job":"a"},"value":[1000,"1"]}]},
         "warnings":["results truncated due to limit"]}
        """);
    answers(
        get("/api/v1/query_range")
            .param("query", "up")
            .param("start", "1000")
            .param("end", "1000")
            .param("step", "1")
            .param("limit", "1"),
        """
        {"status":"success","data":{"resultType":"matrix","result":[
          {"metric":{"__name__":"up","job":"a"},"values":[[1000,"1"]]}]},
         "warnings":["results truncated due to limit"]}
        """);
    refuses(
        get("/api/v1/query").param("query", "up").param("limit", "-1"),
        400,
        "bad_data",
        "invalid parameter \"limit\": limit must be non-negative");
  }

  @Test
  void answersAMatrixOverARange() throws Exception {
    answers(
        get("/api/v1/query_range")
            .param("query", "up{job=\"b\"}")
            .param("start", "990")
            .param("end", "1000")
            .param("step", "5s"),
        """
        {"status":"success","data":{"resultType":"matrix","result":[
          {"metric":{"__name__":"up","job":"b"},
           "values":[[990,"NaN"],[995,"+Inf"],[1000,"0"]]}]}}
        """);
  }

  @Test
  void listsSeriesLabelsAndValues() throws Exception {
    answers(
        get("/api/v1/series").param("match[]", "up{job=\"a\"}", "up{job=~\"a|b\"}"),
        """
        {"status":"success","data":[
          {"__name__":"up","job":"a"},{"__name__":"up","job":"b"}]}
        """);
    answers(
        get("/api/v1/labels").param("match[]", "up"),
        "{\"status\":\"success\",\"data\":[\"__name__\",\"job\"]}");
    answers(get("/api/v1/label/job/values"), "{\"status\":\"success\",\"data\":[\"a\",\"b\"]}");
  }

  @Test
  void saysWhereALimitCutsAnAnswer() throws Exception {
    var cut = ",\"warnings\":[\"results truncated due to limit\"]}";
    answers(
        get("/api/v1/label/job/values").param("limit", "1"),
        "{\"status\":\"success\",\"data\":[\"a\"]" + cut);
    answers(
        get("/api/v1/label/job/values").param("limit", "2"),
        "{\"status\":\"success\",\"data\":[\"a\",\"b\"]}");
    answers(
        get("/api/v1/series").param("match[]", "up").param("limit", "1"),
        "{\"status\":\"success\",\"data\":[{\"__name__\":\"up\",\"job\":\"a\"}]" + cut);
  }

  @Test
  void givesSomeOfVeryManySeriesWhereALimitIsSet() throws Exception {
    for (int i = 0; i < 50_001; i++) {
      store.series("many{i=\"" + i + "\"}");
    }
    http.perform(get("/api/v1/series").param("match[]", "many"))
        .andExpect(status().isUnprocessableContent());
    http.perform(get("/api/v1/series").param("match[]", "many").param("limit", "100"))
        .andExpect(status().isOk())
        .andExpect(jsonPath("$.data.length()").value(100))
        .andExpect(jsonPath("$.warnings.length()").value(1));
    for (String most : List.of("60000", "2147483647", "9223372036854775807")) {
      http.perform(get("/api/v1/series").param("match[]", "many").param("limit", most))
          .andExpect(status().isOk())
          .andExpect(jsonPath("$.data.length()").value(50_000))
          .andExpect(jsonPath("$.warnings.length()").value(1));
    }
  }

  @Test
  void countsTheSeriesOfAllSelectorsTogether() throws Exception {
    for (int i = 0; i < 60_000; i++) {
      store.series("many{i=\"" + i + "\",half=\"" + i / 30_000 + "\"}");
    }
    http.perform(get("/api/v1/series").param("match[]", "many{half=\"0\"}", "many{half=\"1\"}"))
        .andExpect(status().isUnprocessableContent())
        .andExpect(jsonPath("$.errorType").value("execution"))
        .andExpect(jsonPath("$.error").value(startsWith("more than 50000 series match")));
    // Those of both count once.
    http.perform(get("/api/v1/series").param("match[]", "many{half=\"0\"}", "many{half!=\"1\"}"))
        .andExpect(status().isOk())
        .andExpect(jsonPath("$.warnings").doesNotExist());
  }

  @ParameterizedTest
  @ValueSource(strings = {"series?match[]=up", "labels", "label/job/values", "labels?match[]=up"})
  void aSearchForSeriesHasTheTimeOfAQuery(String path) throws Exception {
    checked = () -> nanos.addAndGet(11_000_000_000L);

    http.perform(get(java.net.URI.create(("/api/v1/" + path).replace("[]", "%5B%5D"))))
        .andExpect(status().isServiceUnavailable())
        .andExpect(jsonPath("$.errorType").value("timeout"));
  }

  @ParameterizedTest
  @CsvSource({
    "query, 3, , 200",
    "query, 3, 2s, 503",
    "query, 3, 2.5, 503",
    "query, 3, 4s, 200",
    "query, 11, 1h, 503",
    "query, 3, 2x, 400",
    "query, 3, 0, 400",
    "query_range, 3, 2s, 503",
    "query_range, 3, 4s, 200"
  })
  void aQueryIsGivenUpAfterItsTimeout(String path, int takes, String timeout, int answered)
      throws Exception {
    checked = () -> nanos.addAndGet(takes * 1_000_000_000L);

    http.perform(
            get("/api/v1/" + path)
                .param("query", "up")
                .param("start", "1000")
                .param("end", "1000")
                .param("step", "5")
                .param("timeout", timeout == null ? "" : timeout))
        .andExpect(status().is(answered));
  }

  @Test
  void takesAnEmptyParameterForNone() throws Exception {
    answers(
        get("/api/v1/query").param("query", "vector(1)").param("time", ""),
        """
        {"status":"success","data":{"resultType":"vector","result":[
          {"metric":{},"value":[1000,"1"]}]}}
        """);
    answers(
        get("/api/v1/labels")
            .param("match[]", "up")
            .param("start", "")
            .param("end", "")
            .param("limit", ""),
        "{\"status\":\"success\",\"data\":[\"__name__\",\"job\"]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "-1", "1.5", "99999999999999999999"})
  void refusesALimitThatIsNone(String limit) throws Exception {
    http.perform(get("/api/v1/labels").param("limit", limit))
        .andExpect(status().isBadRequest())
        .andExpect(jsonPath("$.errorType").value("bad_data"))
        .andExpect(jsonPath("$.error").value(startsWith("invalid parameter \"limit\": ")));
  }

  @Test
  void takesASelectorWithSeveralMatchersWhole() throws Exception {
    String one = "up{job=\"a\",job!=\"b\"}";
    String found = "{\"status\":\"success\",\"data\":[{\"__name__\":\"up\",\"job\":\"a\"}]}";
    answers(get("/api/v1/series").param("match[]", one), found);
    answers(
        post("/api/v1/series")
            .contentType(MediaType.APPLICATION_FORM_URLENCODED)
            .param("match[]", one),
        found);
    answers(
        get("/api/v1/labels").param("match[]", one),
        "{\"status\":\"success\",\"data\":[\"__name__\",\"job\"]}");
    answers(
        get("/api/v1/label/job/values").param("match[]", one),
        "{\"status\":\"success\",\"data\":[\"a\"]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/v1/query?query=sum(                | invalid parameter \"query\": 1:5: parse error: unexpected end of input where an expression should begin",
        "/api/v1/query                           | invalid parameter \"query\": 1:1: parse error: no expression found in input",
        "/api/v1/query?query=up&time=noon        | invalid parameter \"time\": cannot parse \"noon\" to a valid timestamp",
        "/api/v1/query?query=up&time=1e300       | invalid parameter \"time\": the time 1e300 is out of range",
        "/api/v1/query_range?query=up&start=1&end=2 | invalid parameter \"step\": it is missing",
        "/api/v1/query_range?query=up&start=1&end=2&step=x | invalid parameter \"step\": cannot parse \"x\" to a valid duration",
        "/api/v1/query_range?query=up&start=2&end=1&step=1 | end timestamp must not be before start time",
        "/api/v1/series                          | no match[] parameter provided",
        "/api/v1/series?match[]=1                | invalid parameter \"match[]\": 1:1: parse error: expected a series selector such as up{job=\"shop\"}",
      })
  void saysWhatIsWrongWithARequest(String path, String message) throws Exception {
    refuses(
        get(java.net.URI.create(path.replace("[", "%5B").replace("]", "%5D"))),
        400,
        "bad_data",
        message);
  }

  @Test
  void saysWhenTheDataAllowsNoAnswer() throws Exception {
    refuses(
        get("/api/v1/query").param("query", "up * on() up"),
        422,
        "execution",
        "found duplicate series for the match group {} on the right hand-side of the operation:"
            + " [up{job=\"b\"}, up{job=\"a\"}];many-to-many matching not allowed: matching labels"
            + " must be unique on one side");
  }

  @Test
  void asksToComeBackWhileStorageIsDown() throws Exception {
    refuses(
        get("/api/v1/query").param("query", "unreadable"),
        503,
        "unavailable",
        "PostgreSQL does not answer");
    http.perform(get("/api/v1/query").param("query", "unreadable"))
        .andExpect(header().string("Retry-After", "2"));
  }
}
