/** Verdicts over HTTP. */
@NullMarked
package dev.watchtower.ingest.detection.change.web;

import org.jspecify.annotations.NullMarked;
