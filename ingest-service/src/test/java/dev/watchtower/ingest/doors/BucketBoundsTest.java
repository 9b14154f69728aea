package dev.watchtower.ingest.doors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BucketBoundsTest {
  @ParameterizedTest
  @CsvSource({
    "http_server_request_duration_seconds, 9.5367431640625E-7, 65536, 53",
    "http.server.request.duration.seconds, 9.5367431640625E-7, 65536, 53",
    "http_server_requests_milliseconds, 9.765625E-4, 67108864, 53",
    "gc_microseconds, 1, 68719476736, 53",
    "gc_nanoseconds, 1024, 70368744177664, 53",
    "http_server_request_body_size_bytes, 1, 1099511627776, 41",
    "queue_length, 9.5367431640625E-7, 1099511627776, 61",
    "seconds_of_what, 9.5367431640625E-7, 1099511627776, 61",
    "'', 9.5367431640625E-7, 1099511627776, 61"
  })
  void followFromTheUnit(String metric, double lowest, double highest, int size) {
    var bounds = BucketBounds.of(metric);

    assertThat(bounds.at(0)).isEqualTo(lowest);
    assertThat(bounds.at(bounds.size() - 1)).isEqualTo(highest);
    assertThat(bounds.size()).isEqualTo(size);
    assertThat(IntStream.range(0, size).mapToDouble(bounds::at)).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void areCloserWhereServicesUsuallyAre() {
    var bounds = BucketBounds.of("took_seconds");

    var all = IntStream.range(0, bounds.size()).mapToObj(bounds::at).toList();
    // A millisecond, about, to a minute.
    assertThat(all).contains(1 / 1024.0, Math.sqrt(2) / 1024, 0.5, Math.sqrt(0.5), 1.0, 64.0);
    assertThat(all).doesNotContain(Math.sqrt(0.5) / 1024, 64 * Math.sqrt(2));
  }

  @Test
  void areFoundFromBothSides() {
    var bounds = BucketBounds.of("size_bytes");

    assertThat(bounds.atOrAbove(-7)).isZero();
    assertThat(bounds.atOrAbove(0)).isZero();
    assertThat(bounds.atOrAbove(1)).isEqualTo(1);
    assertThat(bounds.atOrAbove(2)).isEqualTo(1);
    assertThat(bounds.atOrAbove(Long.MAX_VALUE)).isEqualTo(bounds.size());
    assertThat(bounds.atOrBelow(Long.MIN_VALUE)).isEqualTo(-1);
    assertThat(bounds.atOrBelow(0)).isZero();
    assertThat(bounds.atOrBelow(1)).isZero();
    assertThat(bounds.atOrBelow(2)).isEqualTo(1);
    assertThat(bounds.atOrBelow(Long.MAX_VALUE)).isEqualTo(bounds.size() - 1);
  }
}
