/**
 * Time-series storage: a durable log of requests, heads in memory, sealed chunks.
 *
 * <p>A request is acknowledged after its body is committed to the {@link
 * dev.watchtower.ingest.storage.RequestLog} (one commit for all requests that wait). Its samples
 * then go to the {@link dev.watchtower.ingest.storage.Head} of each series, where duplicates and
 * late samples are resolved. From time to time all heads are cut and their chunks written to the
 * {@link dev.watchtower.ingest.storage.ChunkArchive} together with the log position up to which
 * they are complete; the log behind that position is emptied. A start loads the position and plays
 * the rest of the log again.
 */
@NullMarked
package dev.watchtower.ingest.storage;

import org.jspecify.annotations.NullMarked;
