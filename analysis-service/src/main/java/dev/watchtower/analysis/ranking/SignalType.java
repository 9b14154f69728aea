package dev.watchtower.analysis.ranking;

import java.util.List;
import java.util.Locale;

/**
 * What a series measures, as far as its name tells. The type decides which direction is bad, how
 * small a change is noise, and how much a deviation says about the cause.
 */
public enum SignalType {
  /** Share of successes, or up/down. Falling is bad. */
  AVAILABILITY(0.3, 1.0, 0.01),
  /** Failures. Rising is bad. */
  ERRORS(1.0, 0.0, 0.01),
  /** How long answers take. Rising is bad; falling often means failing fast. */
  LATENCY(1.0, 0.4, 0.002),
  /** Time on the way to a service: what its callers wait longer than it works. Rising is bad. */
  NETWORK(0.9, 0.0, 0.02),
  /** Processor use. */
  CPU(1.0, 0.4, 0.02),
  /** Memory use. */
  MEMORY(0.9, 0.5, 0.02),
  /** Queues, pools and other shared things filling up. */
  SATURATION(0.8, 0.2, 0.5),
  /** Work that arrives. Mostly a consequence. */
  TRAFFIC(0.5, 0.5, 0.2),
  /** Anything else. */
  OTHER(0.6, 0.6, 0.0);

  private static final List<Word> WORDS =
      List.of(
          new Word(CallTimes.NETWORK, NETWORK),
          new Word("latency", LATENCY),
          new Word("lat_", LATENCY),
          new Word("duration", LATENCY),
          new Word("response_time", LATENCY),
          new Word("error", ERRORS),
          new Word("fail", ERRORS),
          new Word("exception", ERRORS),
          new Word("success", AVAILABILITY),
          new Word("availab", AVAILABILITY),
          new Word("pending", SATURATION),
          new Word("queue", SATURATION),
          new Word("pool", SATURATION),
          new Word("thread", SATURATION),
          new Word("cpu", CPU),
          new Word("mem", MEMORY),
          new Word("heap", MEMORY),
          new Word("traffic", TRAFFIC),
          new Word("workload", TRAFFIC),
          new Word("load", TRAFFIC),
          new Word("lod", TRAFFIC),
          new Word("request", TRAFFIC),
          new Word("net", TRAFFIC),
          new Word("syscall", TRAFFIC));

  private final double weightUp;
  private final double weightDown;
  private final double absoluteFloor;

  SignalType(double weightUp, double weightDown, double absoluteFloor) {
    this.weightUp = weightUp;
    this.weightDown = weightDown;
    this.absoluteFloor = absoluteFloor;
  }

  /** The type that a metric's name suggests; {@link #OTHER} when it suggests none. */
  public static SignalType of(String metric) {
    var name = metric.toLowerCase(Locale.ROOT);
    for (var word : WORDS) {
      if (name.contains(word.text)) {
        return word.type;
      }
    }
    return OTHER;
  }

  /** How much a deviation in that direction says about the cause, 0..1. */
  public double weight(boolean up) {
    return up ? weightUp : weightDown;
  }

  /**
   * The smallest scale that counts, in the unit of golden signals (ratios, seconds, requests/s).
   */
  double absoluteFloor() {
    return absoluteFloor;
  }

  /** Whether it is what callers of a broken service show too. */
  public boolean isSymptom() {
    return this == ERRORS || this == LATENCY || this == AVAILABILITY;
  }

  /** Whether it is a resource of the service itself, which no other service explains. */
  public boolean isResource() {
    return this == NETWORK || this == CPU || this == MEMORY || this == SATURATION;
  }

  private record Word(String text, SignalType type) {}
}
