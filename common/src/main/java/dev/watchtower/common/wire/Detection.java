package dev.watchtower.common.wire;

/** The message of {@code /topic/detections}: a signal as it was handed to the outbox. */
public record Detection(long seq, Signal signal) {}
