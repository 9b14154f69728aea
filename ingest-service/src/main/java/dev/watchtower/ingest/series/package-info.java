/**
 * What the rest of ingest-service is built around: labels, series, matchers, samples, and the seam
 * between storage (which implements {@link dev.watchtower.ingest.series.SeriesStore}) and its
 * readers (queries, golden signals, detection).
 */
@NullMarked
package dev.watchtower.ingest.series;

import org.jspecify.annotations.NullMarked;
