/**
 * Streaming anomaly detection without labels: one pass, no look at what comes later, bounded state.
 * docs/detection.md says how it works and what it costs.
 */
@NullMarked
package dev.watchtower.ingest.detection.anomaly;

import org.jspecify.annotations.NullMarked;
