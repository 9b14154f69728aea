package dev.watchtower.analysis.ranking;

import java.time.Instant;

/**
 * A deviation that was over before the incident showed. It may be worth knowing, but it is no
 * cause: it is never ranked.
 *
 * @param ended when the series was in its usual range again
 */
public record Episode(Deviation deviation, Instant ended) {}
