package dev.watchtower.analysis.evidence;

import dev.watchtower.analysis.ranking.Series;
import dev.watchtower.common.wire.ChangeEvent;
import dev.watchtower.common.wire.IncidentView;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/** Sources by hand: golden signals that end at a time, and whatever a test sets. */
final class HandMadeSources implements Telemetry, Incidents {
  Map<String, Instant> lastValue = Map.of();
  Instant firstValue = Instant.MIN;
  Instant errorsFrom = Instant.MAX;
  Instant errorsTo = Instant.MAX;
  List<ChangeEvent> changes = List.of();
  Instant changesUntil = Instant.MIN;
  List<IncidentView> incidents = List.of();
  boolean allIncidents = true;
  boolean eventsHang;
  Instant slowWayFrom = Instant.MAX;
  List<Anomaly> anomalies = List.of();

  @Override
  public List<Series> goldenSignals(
      String service, String env, Instant from, Instant to, Duration step) {
    var end = lastValue.getOrDefault(service, to);
    int count = (int) (Duration.between(from, to).toMillis() / step.toMillis());
    long[] millis = new long[count];
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      millis[i] = from.toEpochMilli() + i * step.toMillis();
      values[i] = millis[i] <= end.toEpochMilli() ? 0.3 + 0.001 * (i % 7) : Double.NaN;
    }
    if (end.isBefore(from)) {
      return List.of();
    }
    double[] goesOn = new double[count];
    double[] errors = new double[count];
    Arrays.fill(goesOn, 0.25);
    for (int i = 0; i < count; i++) {
      var at = Instant.ofEpochMilli(millis[i]);
      if (at.isBefore(firstValue)) {
        values[i] = goesOn[i] = errors[i] = Double.NaN;
      } else if (service.equals("inventory") && !at.isBefore(errorsFrom) && at.isBefore(errorsTo)) {
        errors[i] = 0.7;
      }
    }
    return List.of(
        new Series(service, "error_rate", millis, errors, Series.Unit.GOLDEN),
        new Series(service, "traffic", millis, values, Series.Unit.GOLDEN),
        new Series(service, "memory", millis, goesOn, Series.Unit.GOLDEN));
  }

  @Override
  public List<Series> furtherSeries(
      String service, String env, Instant from, Instant to, Duration step) {
    return List.of();
  }

  @Override
  public Calls calls(String service, String env, Instant from, Instant to, Duration step) {
    int count = (int) (Duration.between(from, to).toMillis() / step.toMillis());
    long[] millis = new long[count];
    double[] waited = new double[count];
    double[] worked = new double[count];
    for (int i = 0; i < count; i++) {
      millis[i] = from.toEpochMilli() + i * step.toMillis();
      boolean slow = !Instant.ofEpochMilli(millis[i]).isBefore(slowWayFrom);
      worked[i] = 0.020 + 0.001 * (i % 5);
      waited[i] = 0.025 + 0.001 * (i % 3) + (slow && service.equals("checkout") ? 0.3 : 0);
    }
    return new Calls(
        Map.of("10.0.0.7", new Series(service, "call_time", millis, waited, Series.Unit.GOLDEN)),
        new Series(service, "work_time", millis, worked, Series.Unit.GOLDEN));
  }

  @Override
  public List<ChangeEvent> changes(String env, Instant from, Instant to) {
    if (eventsHang) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        throw new SourceException("interrupted", e);
      }
    }
    changesUntil = to;
    return changes;
  }

  @Override
  public List<Anomaly> anomalies(String env) {
    return anomalies;
  }

  @Override
  public Optional<IncidentView> find(UUID id) {
    return Optional.empty();
  }

  @Override
  public Active active(String env) {
    return new Active(incidents, allIncidents);
  }
}
