package dev.watchtower.ingest.storage;

import dev.watchtower.ingest.series.Labels;
import dev.watchtower.ingest.series.ServiceIdentity;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * From what a sender calls a series to its head: by the label bytes where they were seen before,
 * else by the labels, which are checked, given their service and environment, and, if they are new,
 * admitted within the limits. Thread-safe.
 */
public final class SeriesTable {
  /** What became of a request for a series. */
  public sealed interface Admission {
    /** The series. */
    record Admitted(Head head) implements Admission {}

    /** None, for a reason. */
    record Refused(Refusal reason, String message) implements Admission {}
  }

  private final HeadIndex index;
  private final Supplier<Limits> limits;
  private final ServiceIdentity identity;
  private final Clock clock;
  private volatile LabelBook book = new LabelBook();

  /** False while the log is played again: what was admitted once stays admitted. */
  private volatile boolean limited = true;

  private final Runnable full;
  private final Object admission = new Object();
  private final Object remembering = new Object();
  private long minute;
  private int newInMinute;
  private long fullInMinute;

  /**
   * @param limits asked each time, so that they may change
   * @param full called, once in a minute at most, when there is no room for a new series; not to
   *     take long
   */
  SeriesTable(
      HeadIndex index,
      StorageSettings settings,
      Supplier<Limits> limits,
      Clock clock,
      Runnable full) {
    this.index = index;
    this.limits = limits;
    this.identity = new ServiceIdentity(settings.serviceLabels(), settings.envLabels());
    this.clock = clock;
    this.full = full;
  }

  /** What is known by its bytes; to be kept for the time of one request. */
  public LabelBook book() {
    return book;
  }

  /** The head that these bytes were {@link #remember remembered} for. */
  public @Nullable Head find(LabelKey key) {
    var current = book;
    var place = current.find(key);
    return place == LabelBook.NONE ? null : current.head(place);
  }

  /** From now on these bytes name that series. */
  public void remember(LabelKey key, Head head) {
    synchronized (remembering) {
      var current = book;
      // Those that are there stay, whatever the limit is now.
      if (current.size() >= 2L * Math.max(limits.get().series(), index.size())) {
        // Senders that name the same series differently; a fresh start costs little.
        current = new LabelBook();
      } else if (current.isFull()) {
        current = current.grown();
      }
      current.add(key, head);
      book = current;
    }
  }

  /** Forgets what names series that are gone, with the rest: a fresh start costs little. */
  void forgetGone() {
    synchronized (remembering) {
      if (book.hasGone()) {
        book = new LabelBook();
      }
    }
  }

  /** Whether there is a series of these labels as sent. */
  public boolean has(Labels sent) {
    return index.find(identity.identify(sent)) != null;
  }

  /** What makes the service and environment of labels as sent. */
  public ServiceIdentity identity() {
    return identity;
  }

  /** Most labels of a series as sent, with its name. */
  public int mostLabels() {
    return limits.get().labels();
  }

  /** What time it is, milliseconds since the epoch. */
  public long now() {
    return clock.millis();
  }

  /** The series of these labels as sent, admitted if it is new and the limits allow. */
  public Admission admit(Labels sent) {
    return admit(sent, identity);
  }

  /**
   * The series of these labels as sent, admitted if it is new and the limits allow.
   *
   * @param by makes their service and environment
   */
  public Admission admit(Labels sent, ServiceIdentity by) {
    var refused = check(sent);
    if (refused != null) {
      return refused;
    }
    var labels = by.identify(sent);
    var head = index.find(labels);
    return head != null ? new Admission.Admitted(head) : admitNew(labels);
  }

  /**
   * Gives the series that have one of some labels and one label more, whatever its value, and have
   * not ended: the buckets of histograms, the quantiles of summaries. Looks at each series of the
   * metric once, or at fewer by the rarest label of each where those are fewer.
   *
   * @param wanted labels as they are stored, with service and environment, all of one metric
   * @param label the one that is more
   * @param most series and labels to be looked at; of too many the newest series are
   * @param target takes each series, with those of the labels that are its own
   * @return how many were looked at, at least 1 for each of the labels
   */
  public int running(Set<Labels> wanted, String label, int most, BiConsumer<Labels, Head> target) {
    if (wanted.isEmpty()) {
      return 0;
    }
    var name = Labels.of(Labels.METRIC_NAME, wanted.iterator().next().metricName());
    var ofName = index.rarest(name);
    var one = 0L;
    for (var labels : wanted) {
      one += 1 + index.rarest(labels);
      if (one > ofName) {
        return Math.min(most, wanted.size())
            + running(name, wanted, label, most - Math.min(most, wanted.size()), target);
      }
    }
    var looked = 0;
    for (var labels : wanted) {
      if (looked >= most) {
        break;
      }
      looked += 1 + running(labels, Set.of(labels), label, most - looked - 1, target);
    }
    return looked;
  }

  private int running(
      Labels by, Set<Labels> wanted, String label, int most, BiConsumer<Labels, Head> target) {
    // Collected under the lock of the index, compared outside it.
    var candidates = index.withRarest(by, most);
    var more = List.of(label);
    for (var head : candidates) {
      var labels = head.series().labels();
      if (!labels.getOrEmpty(label).isEmpty() && head.mayBeRunning()) {
        var rest = labels.without(more);
        if (wanted.contains(rest)) {
          target.accept(rest, head);
        }
      }
    }
    return candidates.size();
  }

  /** Whether limits hold; they do not while the log is played again. */
  void limit(boolean hold) {
    limited = hold;
  }

  private Admission admitNew(Labels labels) {
    if (!limited) {
      return new Admission.Admitted(index.findOrCreate(labels));
    }
    var most = limits.get();
    synchronized (admission) {
      var now = TimeUnit.MILLISECONDS.toMinutes(clock.millis());
      if (index.size() >= most.series()) {
        if (now != fullInMinute) {
          fullInMinute = now;
          full.run();
        }
        return new Admission.Refused(
            Refusal.SERIES_LIMIT,
            "there are "
                + index.size()
                + " series already, "
                + most.series()
                + " are allowed; not added: "
                + labels);
      }
      if (now != minute) {
        minute = now;
        newInMinute = 0;
      }
      if (newInMinute >= most.newSeriesPerMinute()) {
        return new Admission.Refused(
            Refusal.NEW_SERIES_LIMIT,
            most.newSeriesPerMinute()
                + " new series came in this minute already; not added: "
                + labels);
      }
      newInMinute++;
      return new Admission.Admitted(index.findOrCreate(labels));
    }
  }

  private Admission.@Nullable Refused check(Labels labels) {
    if (labels.metricName().isEmpty()) {
      return new Admission.Refused(Refusal.BAD_LABELS, "no metric name in " + labels);
    }
    var most = limits.get();
    if (limited && labels.size() > most.labels()) {
      return new Admission.Refused(
          Refusal.TOO_MANY_LABELS,
          labels.metricName()
              + " has "
              + labels.size()
              + " labels, "
              + most.labels()
              + " are allowed");
    }
    for (var i = 0; i < labels.size(); i++) {
      var name = labels.name(i);
      var value = labels.value(i);
      if (limited && Math.max(name.length(), value.length()) > most.labelLength()) {
        return new Admission.Refused(
            Refusal.LABEL_TOO_LONG,
            labels.metricName() + ": a label is longer than " + most.labelLength());
      }
      if (name.isEmpty() || !isStorable(name) || !isStorable(value)) {
        return new Admission.Refused(
            Refusal.BAD_LABELS,
            "a label of " + labels.metricName() + " is empty, has a NUL or is not Unicode");
      }
    }
    return null;
  }

  /** Without NUL and half characters, which PostgreSQL does not take. */
  private static boolean isStorable(String text) {
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == 0) {
        return false;
      }
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || ++i == text.length()
            || !Character.isLowSurrogate(text.charAt(i))) {
          return false;
        }
      }
    }
    return true;
  }
}
