package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Matcher;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The tests of one search for series, with a look at the time between them. For one thread. */
final class ValueTests {
  /** A regular expression may take a millisecond. */
  private static final int EACH = 64;

  /**
   * What a matcher says of the values of a label.
   *
   * @param withoutMatches whether it holds for series without the label
   * @param differing the values of which it says the other
   */
  record Split(boolean withoutMatches, List<String> differing) {}

  private final Runnable check;
  private int done;

  ValueTests(Runnable check) {
    this.check = check;
  }

  /** Those heads that satisfy all matchers. */
  List<Head> matching(List<Matcher> matchers, List<Head> heads) {
    var names = matchers.stream().map(Matcher::name).toList();
    var tests = matchers.stream().map(Matcher::test).toList();
    var found = new ArrayList<Head>();
    for (var head : heads) {
      var labels = head.series().labels();
      var all = true;
      for (var m = 0; all && m < tests.size(); m++) {
        all = holds(tests.get(m), labels.getOrEmpty(names.get(m)));
      }
      if (all) {
        found.add(head);
      }
    }
    return found;
  }

  /** Of all values of a label. */
  Split split(Matcher matcher, List<String> values) {
    var test = matcher.test();
    var withoutMatches = holds(test, "");
    var differing = new ArrayList<String>();
    for (var value : values) {
      if (holds(test, value) != withoutMatches) {
        differing.add(value);
      }
    }
    return new Split(withoutMatches, differing);
  }

  private boolean holds(Predicate<String> test, String value) {
    if (done++ % EACH == 0) {
      check.run();
    }
    return test.test(value);
  }
}
