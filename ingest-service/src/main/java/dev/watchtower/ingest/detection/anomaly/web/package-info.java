/** Serves what is unusual now. */
@NullMarked
package dev.watchtower.ingest.detection.anomaly.web;

import org.jspecify.annotations.NullMarked;
