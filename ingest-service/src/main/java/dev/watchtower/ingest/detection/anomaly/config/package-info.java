/** Puts anomaly detection together. */
@NullMarked
package dev.watchtower.ingest.detection.anomaly.config;

import org.jspecify.annotations.NullMarked;
