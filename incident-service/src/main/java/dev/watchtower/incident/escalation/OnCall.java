package dev.watchtower.incident.escalation;

import dev.watchtower.common.catalog.Escalation.Layer;
import dev.watchtower.common.catalog.Escalation.Rotation;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is on call. Pure. Hand-overs are by the wall clock of the rotation's zone: one at a time that
 * daylight saving skips is later by the gap, one at a time that comes twice is at the first. So
 * every instant has one answer; a turn over such a night is an hour shorter or longer.
 */
public final class OnCall {
  private static final int MAX_BOUNDARIES = 2_000;

  /**
   * A stretch with one person on call.
   *
   * @param person null for nobody
   * @param until when the next stretch begins; null if that is not in sight
   */
  public record Shift(@Nullable String person, Instant from, @Nullable Instant until) {}

  private OnCall() {}

  /** Who is on call at {@code at}; empty for nobody. */
  public static Optional<String> at(Rotation rotation, Instant at) {
    var overrides = rotation.overrides();
    for (int i = overrides.size() - 1; i >= 0; i--) {
      var override = overrides.get(i);
      if (!at.isBefore(override.from()) && at.isBefore(override.to())) {
        return Optional.of(override.person());
      }
    }
    var layers = rotation.layers();
    for (int i = layers.size() - 1; i >= 0; i--) {
      var layer = layers.get(i);
      long turn = turnAt(layer, rotation.zone(), at);
      if (turn >= 0 && isInForce(layer, rotation.zone(), at)) {
        return Optional.of(layer.people().get((int) (turn % layer.people().size())));
      }
    }
    return Optional.empty();
  }

  /** The stretch at {@code at}, counted from there, and the one that follows if it is in sight. */
  public static List<Shift> nowAndNext(Rotation rotation, Instant at) {
    var shifts = new ArrayList<Shift>();
    var from = at;
    while (shifts.size() < 2 && from != null) {
      var person = at(rotation, from).orElse(null);
      var until = changeAfter(rotation, from, person);
      shifts.add(new Shift(person, from, until));
      from = until;
    }
    return List.copyOf(shifts);
  }

  private static @Nullable Instant changeAfter(
      Rotation rotation, Instant at, @Nullable String person) {
    var boundary = boundaryAfter(rotation, at);
    for (int i = 0; i < MAX_BOUNDARIES && boundary != null; i++) {
      if (!Objects.equals(at(rotation, boundary).orElse(null), person)) {
        return boundary;
      }
      boundary = boundaryAfter(rotation, boundary);
    }
    return null;
  }

  private static @Nullable Instant boundaryAfter(Rotation rotation, Instant at) {
    var candidates = new ArrayList<Instant>();
    for (var override : rotation.overrides()) {
      candidates.add(override.from());
      candidates.add(override.to());
    }
    for (var layer : rotation.layers()) {
      candidates.add(
          handover(layer, rotation.zone(), Math.max(-1, turnAt(layer, rotation.zone(), at)) + 1));
      addTimesOfDay(layer, rotation.zone(), at, candidates);
    }
    return candidates.stream().filter(c -> c.isAfter(at)).min(Instant::compareTo).orElse(null);
  }

  private static void addTimesOfDay(
      Layer layer, ZoneId zone, Instant at, List<Instant> candidates) {
    var from = layer.from();
    var to = layer.to();
    // Without times of day, days end at midnight.
    var begin = from == null ? LocalTime.MIDNIGHT : from;
    var end = to == null ? LocalTime.MIDNIGHT : to;
    if (from == null && layer.days().size() == 7) {
      return;
    }
    var today = at.atZone(zone).toLocalDate();
    for (int i = -1; i <= 2; i++) {
      candidates.add(today.plusDays(i).atTime(begin).atZone(zone).toInstant());
      candidates.add(today.plusDays(i).atTime(end).atZone(zone).toInstant());
    }
  }

  /** Which turn it is, 0 for the first; negative before the first hand-over. */
  static long turnAt(Layer layer, ZoneId zone, Instant at) {
    long length = lengthInDays(layer);
    long days = ChronoUnit.DAYS.between(layer.starts(), at.atZone(zone).toLocalDateTime());
    long turn = Math.floorDiv(days, length);
    // The wall clock may have jumped: the instants decide.
    while (!handover(layer, zone, turn + 1).isAfter(at)) {
      turn++;
    }
    while (turn >= 0 && handover(layer, zone, turn).isAfter(at)) {
      turn--;
    }
    return turn;
  }

  private static Instant handover(Layer layer, ZoneId zone, long turn) {
    return layer.starts().plusDays(turn * lengthInDays(layer)).atZone(zone).toInstant();
  }

  private static long lengthInDays(Layer layer) {
    return (layer.daily() ? 1L : 7L) * layer.every();
  }

  // By instants, as the hand-overs: a stretch of the wall clock begins and ends once a day.
  private static boolean isInForce(Layer layer, ZoneId zone, Instant at) {
    var today = at.atZone(zone).toLocalDate();
    var from = layer.from();
    var to = layer.to();
    if (from == null || to == null) {
      return layer.days().contains(today.getDayOfWeek());
    }
    for (var day = today.minusDays(1); !day.isAfter(today); day = day.plusDays(1)) {
      var begin = day.atTime(from).atZone(zone).toInstant();
      var lastDay = to.isAfter(from) ? day : day.plusDays(1);
      var end = lastDay.atTime(to).atZone(zone).toInstant();
      if (layer.days().contains(day.getDayOfWeek()) && !at.isBefore(begin) && at.isBefore(end)) {
        return true;
      }
    }
    return false;
  }
}
