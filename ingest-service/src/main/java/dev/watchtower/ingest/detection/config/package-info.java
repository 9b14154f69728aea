/** Puts golden signals and detection together and runs them. */
@NullMarked
package dev.watchtower.ingest.detection.config;

import org.jspecify.annotations.NullMarked;
