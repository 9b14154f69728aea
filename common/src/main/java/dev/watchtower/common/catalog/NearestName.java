package dev.watchtower.common.catalog;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that somebody probably meant: the nearest by edit distance (Levenshtein 1965). */
final class NearestName {
  private NearestName() {}

  /** The nearest of {@code known}, if one is near enough to be a slip of the hand. */
  static Optional<String> to(String wanted, Collection<String> known) {
    int most = Math.max(2, wanted.length() / 3);
    return known.stream()
        .filter(k -> distance(wanted, k) <= most)
        .min(Comparator.<String>comparingInt(k -> distance(wanted, k)).thenComparing(k -> k));
  }

  private static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > 20) {
      return Integer.MAX_VALUE;
    }
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
