/** Counts of SLOs in PostgreSQL. */
@NullMarked
package dev.watchtower.ingest.detection.slo.jdbc;

import org.jspecify.annotations.NullMarked;
