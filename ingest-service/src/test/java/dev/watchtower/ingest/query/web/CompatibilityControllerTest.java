package dev.watchtower.ingest.query.web;

import static org.hamcrest.Matchers.startsWith;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.jsonPath;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.json.JsonCompareMode;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

class CompatibilityControllerTest {
  private final MockMvc http =
      MockMvcBuilders.standaloneSetup(new CompatibilityController()).build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/targets",
        "/api/v1/status/runtimeinfo",
        "/api/v1/status/tsdb",
        "/api/v1/status/flags",
        "/api/v1/format_query",
        "/api/v1/read"
      })
  void saysInTheFormOfAPrometheusWhatIsNotThere(String path) throws Exception {
    http.perform(get(path))
        .andExpect(status().isNotFound())
        .andExpect(content().contentType(MediaType.APPLICATION_JSON))
        .andExpect(jsonPath("$.status").value("error"))
        .andExpect(jsonPath("$.errorType").value("not_found"))
        .andExpect(jsonPath("$.error").value(startsWith(path + " is not there")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/v1/metadata?limit=1 | {}",
        "/api/v1/query_exemplars?query=up&start=1&end=2 | []",
        "/api/v1/status/buildinfo | {\"version\":\"3.0.0\",\"application\":\"Watchtower\"}",
      })
  void answersWhatToolsAskOfAPrometheus(String path, String data) throws Exception {
    http.perform(get(path))
        .andExpect(status().isOk())
        .andExpect(
            content()
                .json("{\"status\":\"success\",\"data\":" + data + "}", JsonCompareMode.STRICT));
  }
}
