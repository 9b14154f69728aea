package dev.watchtower.ingest.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.watchtower.ingest.bench.GeneratedSeries.Kind;
import dev.watchtower.ingest.bench.GeneratedSeries.Series;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GeneratedBenchTest {
  @ParameterizedTest
  @EnumSource
  void makesTheSameSeriesTwiceWithWindowsInIt(Kind kind) {
    Series series = GeneratedSeries.of(kind, 3);

    assertThat(series.values()).isEqualTo(GeneratedSeries.of(kind, 3).values());
    assertThat(series.values()).doesNotContain(Double.NaN).hasSameSizeAs(series.millis());
    assertThat(series.millis()).isSorted();
    assertThat(series.windows())
        .hasSizeBetween(kind == Kind.NOTHING ? 0 : 1, 2)
        .allMatch(w -> w.first() > 750 && w.last() < series.values().length && w.rows() > 1);
  }

  @Test
  void findsMostLevelShiftsAndIsSeldomWrongAboutNothing() {
    var shifts = GeneratedBench.standard(GeneratedBench.scored(Kind.LEVEL_SHIFT, 4));

    assertThat(shifts.hits()).isGreaterThanOrEqualTo(shifts.windows() - 1);
    assertThat(GeneratedBench.alarms(GeneratedBench.scored(Kind.NOTHING, 4))).isLessThan(8);
  }

  @Test
  void printsALineForEachKind() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    GeneratedBench.run(1, new PrintStream(printed, true, StandardCharsets.UTF_8));

    assertThat(printed.toString(StandardCharsets.UTF_8).lines())
        .hasSize(Kind.values().length + 2)
        .anyMatch(line -> line.startsWith("MISSING_DAY") && line.contains("windows found"))
        .anyMatch(line -> line.startsWith("NOTHING") && line.contains("alarms in 5,000 values"));
  }
}
