package dev.watchtower.launcher.bench;

import java.time.Duration;

/**
 * What one system did with one load.
 *
 * @param system its name
 * @param series how many series
 * @param samples samples of the measured part, all acknowledged
 * @param took how long they took
 * @param latencies of the requests of the measured part
 * @param cpu processor time of the system, its store included, for all samples from the start of
 *     the measured part until nothing was left to do
 * @param diskBytes bytes a sample at rest; negative where it was not measured
 * @param peakBytes most resident memory, its store included
 */
public record IngestFigures(
    String system,
    int series,
    long samples,
    Duration took,
    Latencies latencies,
    Duration cpu,
    double diskBytes,
    long peakBytes) {

  /** Samples a second. */
  public double rate() {
    return samples / (took.toNanos() / 1e9);
  }

  /** Microseconds of processor time a sample. */
  public double cpuMicros() {
    return cpu.toNanos() / 1e3 / samples;
  }
}
