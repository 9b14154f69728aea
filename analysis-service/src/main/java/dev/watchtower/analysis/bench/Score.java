package dev.watchtower.analysis.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * AC@k is the share of cases whose true service is among the first k; Avg@5 is the mean of AC@1 to
 * AC@5. Services as Pham et al. (ASE 2024) count them.
 */
final class Score {
  private final List<Integer> places = new ArrayList<>();

  /** Adds a case: the place of the true service, from 1; 0 when it is not in the ranking. */
  void add(int place) {
    places.add(place);
  }

  /** The place of the true service in the ranking, from 1, or 0. */
  static int place(List<String> ranking, String truth) {
    var seen = new ArrayList<String>();
    for (var candidate : ranking) {
      var service = service(candidate);
      if (!seen.contains(service)) {
        seen.add(service);
      }
    }
    return seen.indexOf(service(truth)) + 1;
  }

  private static String service(String candidate) {
    int split = candidate.indexOf('_');
    var service = split < 0 ? candidate : candidate.substring(0, split);
    return service.endsWith("-db") ? service.substring(0, service.length() - 3) : service;
  }

  int cases() {
    return places.size();
  }

  double at(int k) {
    return (double) places.stream().filter(p -> p > 0 && p <= k).count() / places.size();
  }

  double average() {
    double sum = 0;
    for (int k = 1; k <= 5; k++) {
      sum += at(k);
    }
    return sum / 5;
  }

  String line(String name) {
    return String.format(
        Locale.ROOT,
        "%-16s cases %3d  AC@1 %.3f  AC@3 %.3f  AC@5 %.3f  Avg@5 %.3f",
        name,
        cases(),
        at(1),
        at(3),
        at(5),
        average());
  }
}
