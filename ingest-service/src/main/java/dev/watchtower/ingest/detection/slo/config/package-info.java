/** Runs the counting of SLOs. */
@NullMarked
package dev.watchtower.ingest.detection.slo.config;

import org.jspecify.annotations.NullMarked;
