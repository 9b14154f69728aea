package dev.watchtower.ingest.detection.change;

import org.jspecify.annotations.Nullable;

/**
 * The verdict on one golden signal.
 *
 * @param change of the median, 0.5 is half as much again; null where it was 0 before
 * @param why in a few words
 */
public record SignalVerdict(
    String signal,
    Verdict verdict,
    Spread before,
    Spread after,
    @Nullable Double change,
    String why) {}
