package dev.watchtower.monitor.live;

import java.time.Instant;

/**
 * The message of {@code /topic/health} when a source of live data is lost, and when it is back.
 *
 * @param since when it was lost, or when it came back
 * @param source the peer's name
 */
public record Interruption(long seq, boolean interrupted, Instant since, String source) {}
