/**
 * ingest-service: telemetry in, stored durably, watched live, and told to incident-service when it
 * is wrong.
 */
@NullMarked
package dev.watchtower.ingest;

import org.jspecify.annotations.NullMarked;
