/** Watches deployments for the change rules. */
@NullMarked
package dev.watchtower.ingest.detection.change.config;

import org.jspecify.annotations.NullMarked;
