package dev.watchtower.ingest.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * A recorded file of a data set: a first column that says when, and one or more metrics.
 *
 * @param file the path below {@code data/}, without {@code .gz}
 * @param axis the first column's name: {@code timestamp}, or {@code row} where the rows have
 *     numbers only
 * @param stamps the first column as it is written
 * @param millis the first column in milliseconds since the epoch
 * @param values by row, then by metric; NaN where nothing was written
 */
record Recording(String file, String axis, List<String> stamps, long[] millis, double[][] values) {
  private static final DateTimeFormatter SPACED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss[.SSSSSS]", Locale.ROOT);

  Recording {
    stamps = List.copyOf(stamps);
  }

  int metrics() {
    return values.length == 0 ? 0 : values[0].length;
  }

  /**
   * Reads a file, gzipped or not.
   *
   * @param step milliseconds between rows where they only have numbers
   * @throws IOException if it cannot be read or a line has no time or value
   */
  static Recording read(Path path, String file, long step) throws IOException {
    try (InputStream in = Files.newInputStream(path);
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(
                    path.toString().endsWith(".gz") ? new GZIPInputStream(in) : in,
                    StandardCharsets.UTF_8))) {
      String header = lines.readLine();
      if (header == null) {
        throw new IOException(path + " is empty");
      }
      String[] columns = header.strip().split(",", -1);
      List<String> stamps = new ArrayList<>();
      List<Long> millis = new ArrayList<>();
      List<double[]> values = new ArrayList<>();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          String[] cells = line.strip().split(",", -1);
          if (cells.length != columns.length) {
            throw new IOException(
                "%s, line %d: expected %d columns, found %d"
                    .formatted(path, stamps.size() + 2, columns.length, cells.length));
          }
          stamps.add(cells[0]);
          millis.add(columns[0].equals("row") ? Long.parseLong(cells[0]) * step : time(cells[0]));
          values.add(numbers(cells));
        }
      }
      return new Recording(
          file,
          columns[0],
          stamps,
          millis.stream().mapToLong(Long::longValue).toArray(),
          values.toArray(double[][]::new));
    } catch (RuntimeException e) {
      throw new IOException(path + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** A time as the data sets write it, or seconds since the epoch. */
  static long time(String text) {
    if (text.chars().allMatch(c -> Character.isDigit(c) || c == '.')) {
      return Math.round(Double.parseDouble(text) * 1000);
    }
    return LocalDateTime.parse(text.replace('T', ' ').replace("Z", ""), SPACED)
        .toInstant(ZoneOffset.UTC)
        .toEpochMilli();
  }

  private static double[] numbers(String[] cells) {
    double[] numbers = new double[cells.length - 1];
    for (int i = 0; i < numbers.length; i++) {
      String cell = cells[i + 1].strip();
      numbers[i] = cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
    }
    return numbers;
  }
}
