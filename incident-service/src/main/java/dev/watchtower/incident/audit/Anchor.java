package dev.watchtower.incident.audit;

import java.util.UUID;

/**
 * How the timeline of an incident ended when a deed was done to it. It ties the two chains
 * together: a timeline that is rewritten from its first entry on is whole in itself, but not as the
 * trail saw it.
 *
 * @param seq of its last entry then
 * @param hash of that entry
 */
public record Anchor(UUID incident, long seq, String hash) {}
