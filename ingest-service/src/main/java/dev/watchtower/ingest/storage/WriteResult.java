package dev.watchtower.ingest.storage;

/**
 * What became of a request's samples; the three add up to what was received.
 *
 * @param stored durable and readable now
 * @param duplicates were there already, with the same value
 * @param refusals not stored
 */
public record WriteResult(long stored, long duplicates, Refusals refusals) {}
