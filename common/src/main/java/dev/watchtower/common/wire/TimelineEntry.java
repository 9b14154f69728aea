package dev.watchtower.common.wire;

import java.time.Instant;
import java.util.Map;

/**
 * One entry of an incident's append-only timeline.
 *
 * @param seq 1 for the first entry of the incident, without gaps
 * @param ts when it happened
 * @param kind what it records
 * @param actor who did it
 * @param summary one sentence
 * @param data details, JSON values only
 * @param hash SHA-256 in lower-case hex over the entry and {@code previousHash}
 * @param previousHash hash of entry {@code seq - 1}, 64 zeros for the first
 */
public record TimelineEntry(
    long seq,
    Instant ts,
    TimelineKind kind,
    Actor actor,
    String summary,
    Map<String, Object> data,
    String hash,
    String previousHash) {}
