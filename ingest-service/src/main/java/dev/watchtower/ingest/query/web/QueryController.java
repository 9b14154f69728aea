package dev.watchtower.ingest.query.web;

import static org.springframework.web.bind.annotation.RequestMethod.GET;
import static org.springframework.web.bind.annotation.RequestMethod.POST;

import dev.watchtower.ingest.query.Expr;
import dev.watchtower.ingest.query.Parser;
import dev.watchtower.ingest.query.QueryEngine;
import dev.watchtower.ingest.query.QueryException;
import dev.watchtower.ingest.query.SharedQueries;
import dev.watchtower.ingest.query.SharedSamples;
import dev.watchtower.ingest.query.Times;
import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.Matcher;
import dev.watchtower.ingest.series.SeriesStore;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.beans.PropertyEditorSupport;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Prometheus HTTP API for queries, so that tools which read Prometheus read Watchtower. Errors
 * have Prometheus' form, not that of problem details. They share room and time as {@link
 * SharedQueries} says.
 */
@RestController
@RequestMapping("/api/v1")
class QueryController {
  /** A reader that takes longer for an answer is cut off: its samples are held so long. */
  private static final Duration READ_WITHIN = Duration.ofSeconds(60);

  /** Of more only so many are listed where there is a limit, and without one none. */
  private static final int MAX_SERIES = 50_000;

  private static final String MATCH = "match[]";

  private final SharedQueries queries;
  private final PrometheusJson json;
  private final Clock clock;

  QueryController(SharedQueries queries, JsonMapper json, Clock clock) {
    this.queries = queries;
    this.json = new PrometheusJson(json);
    this.clock = clock;
  }

  @RequestMapping(
      path = "/query",
      method = {GET, POST})
  @PrometheusAnswers
  void query(
      @RequestParam @Nullable String query,
      @RequestParam @Nullable String time,
      @RequestParam @Nullable String timeout,
      @RequestParam @Nullable String limit,
      HttpServletResponse response)
      throws IOException {
    answer(
        response,
        engine -> {
          long at = isGiven(time) ? instant("time", time) : clock.millis();
          int most = cut(limit);
          return json.value(within(timeout, engine).instant(expression(query), at), at, most);
        });
  }

  @RequestMapping(
      path = "/query_range",
      method = {GET, POST})
  @PrometheusAnswers
  void queryRange(
      @RequestParam @Nullable String query,
      @RequestParam @Nullable String start,
      @RequestParam @Nullable String end,
      @RequestParam @Nullable String step,
      @RequestParam @Nullable String timeout,
      @RequestParam @Nullable String limit,
      HttpServletResponse response)
      throws IOException {
    answer(
        response,
        engine -> {
          long from = instant("start", start);
          long to = instant("end", end);
          long millis = parsed("step", step, Times::duration);
          int most = cut(limit);
          return json.value(
              within(timeout, engine).range(expression(query), from, to, millis), to, most);
        });
  }

  @RequestMapping(
      path = "/series",
      method = {GET, POST})
  @Parameter(
      name = MATCH,
      in = ParameterIn.QUERY,
      array = @ArraySchema(schema = @Schema(type = "string")))
  @PrometheusAnswers
  void series(
      HttpServletRequest request,
      @RequestParam @Nullable String start,
      @RequestParam @Nullable String end,
      @RequestParam @Nullable String limit,
      HttpServletResponse response)
      throws IOException {
    answer(
        response,
        engine -> {
          SeriesStore store = engine.series();
          List<String> match = match(request);
          if (match.isEmpty()) {
            throw QueryException.badData("no match[] parameter provided");
          }
          int wanted = cut(limit);
          int most = Math.min(wanted, MAX_SERIES);
          Set<Labels> found = new LinkedHashSet<>();
          for (List<Matcher> matchers : selectors(match)) {
            // One more than wanted tells whether there are more.
            (wanted == Integer.MAX_VALUE
                    ? store.select(matchers, from(start), to(end), MAX_SERIES)
                    : store.first(matchers, from(start), to(end), most + 1))
                .forEach(series -> found.add(series.labels()));
            if (found.size() > most) {
              break;
            }
          }
          if (wanted == Integer.MAX_VALUE && found.size() > MAX_SERIES) {
            throw new SeriesStore.LimitExceededException(
                "more than " + MAX_SERIES + " series match; narrow the selectors or set a limit");
          }
          return json.series(found.stream().limit(most).toList(), found.size() > most);
        });
  }

  @RequestMapping(
      path = "/labels",
      method = {GET, POST})
  @Parameter(
      name = MATCH,
      in = ParameterIn.QUERY,
      array = @ArraySchema(schema = @Schema(type = "string")))
  @PrometheusAnswers
  void labels(
      HttpServletRequest request,
      @RequestParam @Nullable String start,
      @RequestParam @Nullable String end,
      @RequestParam @Nullable String limit,
      HttpServletResponse response)
      throws IOException {
    answer(
        response,
        engine -> {
          SeriesStore store = engine.series();
          return strings(
              match(request), limit, matchers -> store.labelNames(matchers, from(start), to(end)));
        });
  }

  @RequestMapping(path = "/label/{name}/values", method = GET)
  @Parameter(
      name = MATCH,
      in = ParameterIn.QUERY,
      array = @ArraySchema(schema = @Schema(type = "string")))
  @PrometheusAnswers
  void labelValues(
      @PathVariable String name,
      HttpServletRequest request,
      @RequestParam @Nullable String start,
      @RequestParam @Nullable String end,
      @RequestParam @Nullable String limit,
      HttpServletResponse response)
      throws IOException {
    answer(
        response,
        engine -> {
          SeriesStore store = engine.series();
          return strings(
              match(request),
              limit,
              matchers -> store.labelValues(LabelNames.of(name), matchers, from(start), to(end)));
        });
  }

  /** As Prometheus: of a parameter that is there several times the first counts. */
  @InitBinder
  void firstOfSeveral(WebDataBinder binder) {
    binder.registerCustomEditor(
        String.class,
        new PropertyEditorSupport() {
          @Override
          public void setValue(@Nullable Object value) {
            super.setValue(value instanceof String[] several ? several[0] : value);
          }

          @Override
          public void setAsText(String text) {
            setValue(text);
          }
        });
  }

  /** What came cannot be taken apart, before any of the above is called. */
  @ExceptionHandler
  void undecodable(InvalidParameterException thrown, HttpServletResponse response)
      throws IOException {
    var tooMuch = thrown.getErrorCode() == 413;
    var message =
        tooMuch
            ? "too many parameters, or too long ones"
            : "a parameter cannot be decoded: it has to be UTF-8, special characters as %XX";
    response.setContentType(MediaType.APPLICATION_JSON_VALUE);
    error(response, tooMuch ? 413 : 400, "bad_data", message).write(response.getOutputStream());
  }

  private PrometheusJson.Answer strings(
      List<String> match, @Nullable String limit, Function<List<Matcher>, List<String>> read) {
    Collection<String> found = new TreeSet<>();
    if (match.isEmpty()) {
      found = read.apply(List.of());
    } else {
      for (List<Matcher> matchers : selectors(match)) {
        found.addAll(read.apply(matchers));
      }
    }
    int most = cut(limit);
    return json.strings(found.stream().limit(most).toList(), found.size() > most);
  }

  /**
   * Computes an answer and writes it. While it is written, at the reader's pace, other queries may
   * run, but its samples count.
   */
  private void answer(
      HttpServletResponse response, Function<QueryEngine, PrometheusJson.Answer> compute)
      throws IOException {
    try (SharedSamples.Share share = queries.share()) {
      PrometheusJson.Answer answer = computed(response, () -> queries.compute(share, compute));
      response.setContentType(MediaType.APPLICATION_JSON_VALUE);
      answer.write(new TimedOutput(response.getOutputStream(), READ_WITHIN, System::nanoTime));
    }
  }

  private PrometheusJson.Answer computed(
      HttpServletResponse response, Supplier<PrometheusJson.Answer> answer) {
    try {
      return answer.get();
    } catch (QueryException e) {
      int status =
          switch (e.kind()) {
            case BAD_DATA -> 400;
            case EXECUTION -> 422;
            case TIMEOUT, UNAVAILABLE -> 503;
          };
      return error(response, status, e.kind().errorType(), e.getMessage());
    } catch (IllegalArgumentException e) {
      return error(response, 400, "bad_data", e.getMessage());
    }
  }

  private PrometheusJson.Answer error(
      HttpServletResponse response, int status, String type, @Nullable String message) {
    response.setStatus(status);
    if (status == 503) {
      response.setHeader("Retry-After", String.valueOf(SharedQueries.WAIT.toSeconds()));
    }
    return json.error(type, String.valueOf(message));
  }

  /** As Prometheus: a longer time than the limit is the limit. */
  private static QueryEngine within(@Nullable String timeout, QueryEngine engine) {
    return isGiven(timeout)
        ? engine.until(Duration.ofMillis(parsed("timeout", timeout, Times::duration)))
        : engine;
  }

  private static Expr expression(@Nullable String query) {
    return parsed("query", query == null ? "" : query, Parser::parse);
  }

  /** The selectors, each as it was sent: Spring would split a single one at its commas. */
  private static List<String> match(HttpServletRequest request) {
    String[] values = request.getParameterValues(MATCH);
    return values == null ? List.of() : List.of(values);
  }

  private static List<List<Matcher>> selectors(List<String> match) {
    return match.stream().map(text -> parsed("match[]", text, Parser::selector)).toList();
  }

  private static long instant(String name, @Nullable String text) {
    return parsed(name, text, Times::promInstant);
  }

  private static Instant from(@Nullable String start) {
    return Instant.ofEpochMilli(isGiven(start) ? instant("start", start) : 0);
  }

  private Instant to(@Nullable String end) {
    return isGiven(end)
        ? Instant.ofEpochMilli(instant("end", end))
        : clock.instant().plus(Duration.ofDays(1));
  }

  /** As Prometheus: an empty parameter is none. */
  private static boolean isGiven(@Nullable String parameter) {
    return parameter != null && !parameter.isEmpty();
  }

  /** Most entries of an answer; none or 0 means all. */
  private static int cut(@Nullable String limit) {
    int most = isGiven(limit) ? parsed("limit", limit, QueryController::count) : 0;
    return most == 0 ? Integer.MAX_VALUE : most;
  }

  private static int count(String text) {
    try {
      long count = Long.parseLong(text);
      if (count >= 0) {
        // The largest there is means no limit, and none was not said.
        return (int) Math.min(count, Integer.MAX_VALUE - 1);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("cannot parse \"" + text + "\" to a whole number", e);
    }
    throw new IllegalArgumentException("limit must be non-negative");
  }

  private static <T> T parsed(String name, @Nullable String text, Function<String, T> parser) {
    try {
      if (text == null) {
        throw new IllegalArgumentException("it is missing");
      }
      return parser.apply(text);
    } catch (QueryException | IllegalArgumentException e) {
      throw QueryException.badData("invalid parameter \"" + name + "\": " + e.getMessage());
    }
  }
}
