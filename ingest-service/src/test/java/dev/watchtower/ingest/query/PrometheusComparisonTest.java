package dev.watchtower.ingest.query;

import static dev.watchtower.ingest.query.ComparedSamples.SECONDS;
import static dev.watchtower.ingest.query.ComparedSamples.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/**
 * The engine against a real Prometheus with the same samples, where one is installed (Debian:
 * {@code apt-get install prometheus}), with hand-picked and random queries. Its 2.x closes ranges
 * on the left where 3.x and we leave them open; so nothing lies exactly on a border here.
 *
 * <p>With {@code -Dwatchtower.record=FILE} it writes the answers of that Prometheus to the file;
 * {@link RecordedAnswersTest} compares with them where there is none.
 */
class PrometheusComparisonTest {
  private static final HandMadeStore STORE = new HandMadeStore();
  private static final QueryEngine ENGINE =
      new QueryEngine(STORE, QueryLimits.DEFAULT, System::nanoTime);
  // Never a multiple of 30 s, so that no step of a subquery lies on a border.
  private static final long FROM = START + 121;
  private static final long TO = START + SECONDS + 401;
  private static final long STEP = 90;

  @TempDir private static Path dir;
  private static RealPrometheus prometheus;

  @BeforeAll
  static void samePrometheus() throws IOException, InterruptedException {
    assumeTrue(RealPrometheus.canImport(), "no Prometheus is installed here");
    RealPrometheus.importSamples(dir, ComparedSamples.write(STORE));
    prometheus = new RealPrometheus(dir, "global: {}\n");
  }

  @AfterAll
  static void stop() {
    if (prometheus != null) {
      prometheus.close();
    }
  }

  @Test
  void givesTheSameAnswersAsPrometheus() throws IOException, InterruptedException {
    for (String query : PromqlQueries.QUERIES) {
      JsonNode answer = prometheus.range(query, FROM, TO, STEP);
      if (answer.path("error").asString("").contains("unknown function with name")) {
        // What 2.x calls holt_winters has another name in 3.x, and is switched off.
        assertThat(query).contains("holt_winters");
        continue;
      }
      assertThat(answer.path("data").path("result").size()).as(query + answer).isPositive();
      ComparedAnswers.compare(ENGINE, query, FROM, TO, STEP, answer);
      // Another step, so that more instants are seen.
      ComparedAnswers.compare(
          ENGINE, query, FROM + 7, TO, 30, prometheus.range(query, FROM + 7, TO, 30));
    }
  }

  @Test
  void givesTheSameAnswersAsPrometheus3() throws IOException, InterruptedException {
    assumeTrue(RealPrometheus.isVersion3(), "the Prometheus that is installed here is older");
    for (String query : PromqlQueries.OF_VERSION_3) {
      int some = 0;
      // On the samples, between them, and where one is just out of the range.
      for (long from : List.of(START + 120, START + 105, START + 119)) {
        JsonNode answer = prometheus.range(query, from, TO, 30);
        some += answer.path("data").path("result").size();
        ComparedAnswers.compare(ENGINE, query, from, TO, 30, answer);
      }
      assertThat(some).as(query).isPositive();
    }
  }

  @Test
  void givesTheSameAnswersToRandomQueries() throws IOException, InterruptedException {
    List<String> differences = new ArrayList<>();
    int some = 0;
    for (String query : PromqlQueries.random(Long.getLong("watchtower.seed", 20_261_122), 300)) {
      JsonNode answer = prometheus.range(query, FROM, TO, STEP);
      some += answer.path("data").path("result").size() > 0 ? 1 : 0;
      JsonNode once = prometheus.instant(query, FROM + 900);
      try {
        ComparedAnswers.compare(ENGINE, query, FROM, TO, STEP, answer);
        ComparedAnswers.compareInstant(ENGINE, query, FROM + 900, once);
      } catch (AssertionError e) {
        differences.add(String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
      }
    }
    assertThat(differences).isEmpty();
    // Else the generator says nothing.
    assertThat(some).isGreaterThan(150);
  }

  @Test
  void recordsAnswersWhenAsked() throws IOException, InterruptedException {
    String file = System.getProperty("watchtower.record");
    assumeTrue(file != null, "only with -Dwatchtower.record=FILE");
    List<String> queries = new ArrayList<>(PromqlQueries.QUERIES);
    queries.addAll(PromqlQueries.random(7, 120));
    ArrayNode recorded = JsonMapper.shared().createArrayNode();
    long step = 450;
    for (String query : queries) {
      recorded
          .addObject()
          .put("query", query)
          .put("from", FROM)
          .put("to", TO)
          .put("step", step)
          .set("answer", prometheus.range(query, FROM, TO, step));
    }
    Files.writeString(
        Path.of(file), recorded.toString().replace("{\"query\"", "\n{\"query\"") + "\n");
  }
}
