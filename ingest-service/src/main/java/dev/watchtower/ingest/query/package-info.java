/**
 * A small PromQL engine: text to tree ({@link dev.watchtower.ingest.query.Parser}), tree to values
 * ({@link dev.watchtower.ingest.query.QueryEngine}). It follows Prometheus 3: ranges and the
 * look-back are open on the left, {@code (from, to]}. docs/promql.md lists what is supported.
 */
@NullMarked
package dev.watchtower.ingest.query;

import org.jspecify.annotations.NullMarked;
