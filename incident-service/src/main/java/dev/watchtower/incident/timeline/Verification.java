package dev.watchtower.incident.timeline;

import org.jspecify.annotations.Nullable;

/**
 * Whether a timeline is as it was written.
 *
 * @param entries how many entries fit, counted from the first
 * @param brokenAt the first entry that does not fit; null if all do
 * @param reason what is wrong there; null if nothing is
 * @param head hash of the last entry that fits; kept elsewhere it proves later that nothing was cut
 *     off
 */
public record Verification(
    boolean valid, long entries, @Nullable Long brokenAt, @Nullable String reason, String head) {}
