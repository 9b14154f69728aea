/**
 * Prometheus remote write 1.0 and 2.0, read from raw bytes: no String and no object per sample on
 * the way of a series that is known.
 */
@NullMarked
package dev.watchtower.ingest.doors.remotewrite;

import org.jspecify.annotations.NullMarked;
