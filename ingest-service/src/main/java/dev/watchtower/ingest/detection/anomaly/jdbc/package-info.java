/** Saved models in PostgreSQL. */
@NullMarked
package dev.watchtower.ingest.detection.anomaly.jdbc;

import org.jspecify.annotations.NullMarked;
