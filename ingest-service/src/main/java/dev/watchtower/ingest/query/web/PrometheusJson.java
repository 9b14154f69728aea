package dev.watchtower.ingest.query.web;

import dev.watchtower.ingest.query.Numbers;
import dev.watchtower.ingest.query.Value;
import dev.watchtower.ingest.series.Labels;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes answers in the form of the Prometheus HTTP API, straight to where they go: as text, a
 * large one would need several times the memory of its samples.
 */
final class PrometheusJson {
  /** An answer that is ready to be written. */
  @FunctionalInterface
  interface Answer {
    /** Writes it. */
    void write(OutputStream to) throws IOException;
  }

  private final JsonMapper json;

  PrometheusJson(JsonMapper json) {
    this.json = json;
  }

  Answer error(String type, String message) {
    return written(out -> {
      out.writeStartObject();
      out.writeStringProperty("status", "error");
      out.writeStringProperty("errorType", type);
      out.writeStringProperty("error", message);
      out.writeEndObject();
    });
  }

  /**
   * @param cut whether there is more than the limit of the request lets through
   */
  Answer strings(Collection<String> data, boolean cut) {
    return success(
        out -> {
          out.writeStartArray();
          data.forEach(out::writeString);
          out.writeEndArray();
        },
        cut);
  }

  /**
   * @param cut whether there is more than the limit of the request lets through
   */
  Answer series(List<Labels> data, boolean cut) {
    return success(
        out -> {
          out.writeStartArray();
          data.forEach(labels -> labels(out, labels));
          out.writeEndArray();
        },
        cut);
  }

  /**
   * The value of a query at an instant.
   *
   * @param most series of a vector or matrix; the rest is left out, and that is said
   */
  Answer value(Value value, long at, int most) {
    return success(
        out -> {
          out.writeStartObject();
          switch (value) {
            case Value.Scalar scalar -> {
              out.writeStringProperty("resultType", "scalar");
              out.writeName("result");
              pair(out, at, Numbers.format(scalar.value()));
            }
            case Value.Text text -> {
              out.writeStringProperty("resultType", "string");
              out.writeName("result");
              pair(out, at, text.value());
            }
            case Value.Vector vector -> vector(out, vector, at, most);
            case Value.Matrix matrix -> matrix(out, matrix, most);
          }
          out.writeEndObject();
        },
        isCut(value, most));
  }

  private static boolean isCut(Value value, int most) {
    return switch (value) {
      case Value.Vector vector -> vector.samples().size() > most;
      case Value.Matrix matrix -> matrix.series().size() > most;
      case Value.Scalar _, Value.Text _ -> false;
    };
  }

  private static <T> List<T> first(List<T> all, int most) {
    return all.subList(0, Math.min(all.size(), most));
  }

  private static void vector(JsonGenerator out, Value.Vector vector, long at, int most) {
    out.writeStringProperty("resultType", "vector");
    out.writeArrayPropertyStart("result");
    for (Value.Sample sample : first(vector.samples(), most)) {
      out.writeStartObject();
      out.writeName("metric");
      labels(out, sample.labels());
      out.writeName("value");
      pair(out, at, Numbers.format(sample.value()));
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void matrix(JsonGenerator out, Value.Matrix matrix, int most) {
    out.writeStringProperty("resultType", "matrix");
    out.writeArrayPropertyStart("result");
    for (Value.Points points : first(matrix.series(), most)) {
      out.writeStartObject();
      out.writeName("metric");
      labels(out, points.labels());
      out.writeArrayPropertyStart("values");
      for (int i = 0; i < points.times().length; i++) {
        pair(out, points.times()[i], Numbers.format(points.values()[i]));
      }
      out.writeEndArray();
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void labels(JsonGenerator out, Labels labels) {
    out.writeStartObject();
    for (int i = 0; i < labels.size(); i++) {
      out.writeStringProperty(labels.name(i), labels.value(i));
    }
    out.writeEndObject();
  }

  private static void pair(JsonGenerator out, long millis, String value) {
    out.writeStartArray();
    if (millis % 1000 == 0) {
      out.writeNumber(millis / 1000);
    } else {
      out.writeNumber(java.math.BigDecimal.valueOf(millis, 3));
    }
    out.writeString(value);
    out.writeEndArray();
  }

  private Answer success(Consumer<JsonGenerator> data, boolean cut) {
    return written(out -> {
      out.writeStartObject();
      out.writeStringProperty("status", "success");
      out.writeName("data");
      data.accept(out);
      if (cut) {
        out.writeArrayPropertyStart("warnings");
        out.writeString("results truncated due to limit");
        out.writeEndArray();
      }
      out.writeEndObject();
    });
  }

  private Answer written(Consumer<JsonGenerator> body) {
    return to -> {
      try (JsonGenerator out = json.createGenerator(to)) {
        body.accept(out);
      } catch (JacksonIOException e) {
        // Whoever asked is gone.
        throw e.getCause();
      }
    };
  }
}
