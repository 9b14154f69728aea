/**
 * OTLP metrics: decoded from protobuf or JSON and made into series as the compatibility
 * specification of OpenTelemetry and Prometheus says.
 */
@NullMarked
package dev.watchtower.ingest.doors.otlp;

import org.jspecify.annotations.NullMarked;
