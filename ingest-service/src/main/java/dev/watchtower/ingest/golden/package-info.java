/**
 * Golden signals: traffic, errors, latency and saturation of each service and environment, computed
 * by the catalog's expressions as samples arrive, at the time of the samples.
 */
@NullMarked
package dev.watchtower.ingest.golden;

import org.jspecify.annotations.NullMarked;
