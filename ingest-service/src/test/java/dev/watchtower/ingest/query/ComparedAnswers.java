package dev.watchtower.ingest.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Answers of Prometheus beside ours. */
final class ComparedAnswers {
  private ComparedAnswers() {}

  /** Ours must have the same series and times, and nearly the same values, or fail as well. */
  static void compare(
      QueryEngine engine, String query, long from, long to, long step, JsonNode theirs) {
    boolean failed = theirs.path("status").asString().equals("error");
    Value.Matrix ours;
    try {
      ours = engine.range(Parser.parse(query), from * 1000, to * 1000, step * 1000);
    } catch (QueryException e) {
      assertThat(failed).as("%s: %s, they: %s", query, e.getMessage(), theirs).isTrue();
      return;
    }
    assertThat(failed).as("%s: they say %s", query, theirs.path("error")).isFalse();
    same(query, theirs(theirs.path("data").path("result")), ours(ours));
  }

  /** The same at one instant. */
  static void compareInstant(QueryEngine engine, String query, long at, JsonNode theirs) {
    Value ours;
    try {
      ours = engine.instant(Parser.parse(query), at * 1000);
    } catch (QueryException e) {
      assertThat(theirs.path("status").asString()).as(query).isEqualTo("error");
      return;
    }
    Map<String, Map<Long, Double>> mine = new TreeMap<>();
    if (ours instanceof Value.Vector vector) {
      vector
          .samples()
          .forEach(
              s -> mine.put(new TreeMap<>(s.labels().toMap()).toString(), Map.of(at, s.value())));
      same(query + " at once", theirs(theirs.path("data").path("result")), mine);
    }
  }

  private static void same(
      String query, Map<String, Map<Long, Double>> theirs, Map<String, Map<Long, Double>> ours) {
    assertThat(ours.keySet()).as(query).isEqualTo(theirs.keySet());
    theirs.forEach((labels, points) -> {
      Map<Long, Double> mine = ours.get(labels);
      assertThat(mine.keySet()).as(query + " " + labels).isEqualTo(points.keySet());
      points.forEach((at, value) ->
          assertThat(isClose(mine.get(at), value))
              .as("%s %s at %d: ours %s, theirs %s", query, labels, at, mine.get(at), value)
              .isTrue());
    });
  }

  private static boolean isClose(double ours, double theirs) {
    return Double.valueOf(ours).equals(theirs)
        || ours == theirs
        || Math.abs(ours - theirs) <= Math.max(Math.abs(ours), Math.abs(theirs)) * 1e-7 + 1e-6;
  }

  private static Map<String, Map<Long, Double>> theirs(JsonNode result) {
    Map<String, Map<Long, Double>> all = new TreeMap<>();
    for (JsonNode series : result) {
      Map<String, String> labels = new TreeMap<>();
      series
          .path("metric")
          .properties()
          .forEach(e -> labels.put(e.getKey(), e.getValue().asString()));
      Map<Long, Double> points = new TreeMap<>();
      for (JsonNode pair : series.path("values")) {
        points.put(pair.get(0).asLong(), Numbers.parse(pair.get(1).asString()));
      }
      JsonNode pair = series.path("value");
      if (pair.isArray()) {
        points.put(pair.get(0).asLong(), Numbers.parse(pair.get(1).asString()));
      }
      all.put(labels.toString(), points);
    }
    return all;
  }

  private static Map<String, Map<Long, Double>> ours(Value.Matrix matrix) {
    Map<String, Map<Long, Double>> all = new TreeMap<>();
    for (Value.Points points : matrix.series()) {
      Map<Long, Double> values = new TreeMap<>();
      for (int i = 0; i < points.times().length; i++) {
        values.put(points.times()[i] / 1000, points.values()[i]);
      }
      all.put(new TreeMap<>(points.labels().toMap()).toString(), values);
    }
    return all;
  }
}
