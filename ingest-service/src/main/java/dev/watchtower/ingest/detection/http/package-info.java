/** Signals to incident-service. */
@NullMarked
package dev.watchtower.ingest.detection.http;

import org.jspecify.annotations.NullMarked;
