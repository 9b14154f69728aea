package dev.watchtower.ingest.bench;

import dev.watchtower.ingest.detection.anomaly.Fleet;
import dev.watchtower.ingest.detection.anomaly.ServiceDetector;
import dev.watchtower.ingest.golden.ServiceKey;
import java.util.ArrayList;
import java.util.List;

/**
 * The recorded services of a data set, run as they ran: beside one another. At each instant all
 * that have a row take it, and then each is scored. A score has seen its own row, those before it,
 * and of the other services those that are no later.
 */
final class RecordedFleet {
  private static final class Service {
    private final Recording recording;
    private final ServiceKey key;
    private final ServiceDetector detector;
    private final double[] scores;
    private int row;

    Service(Recording recording) {
      this.recording = recording;
      key = new ServiceKey(recording.file(), "recorded");
      detector = new ServiceDetector(recording.metrics());
      scores = new double[recording.millis().length];
    }

    boolean isOver() {
      return row == scores.length;
    }

    long next() {
      return recording.millis()[row];
    }

    /** Since the row before; of the first to the second. */
    long step() {
      int last = Math.max(1, row);
      return scores.length < 2
          ? 1
          : Math.max(1, recording.millis()[last] - recording.millis()[last - 1]);
    }

    void look(Fleet fleet) {
      detector.observe(next(), recording.values()[row]);
      fleet.note(key, next(), step(), detector.isUnusual());
    }

    void score(Fleet fleet) {
      scores[row] = detector.score(fleet.others(key, next(), step()));
      row++;
    }
  }

  private RecordedFleet() {}

  /** One score a row of each recording. */
  static List<double[]> scores(List<Recording> recordings) {
    List<Service> services = recordings.stream().map(Service::new).toList();
    Fleet fleet = new Fleet();
    List<Service> going = new ArrayList<>(services);
    going.removeIf(Service::isOver);
    while (!going.isEmpty()) {
      long now = going.stream().mapToLong(Service::next).min().getAsLong();
      List<Service> due = going.stream().filter(s -> s.next() == now).toList();
      due.forEach(s -> s.look(fleet));
      due.forEach(s -> s.score(fleet));
      going.removeIf(Service::isOver);
    }
    return services.stream().map(s -> s.scores).toList();
  }
}
