/** Judges a deployment by the golden signals before and after it. */
@NullMarked
package dev.watchtower.ingest.detection.change;

import org.jspecify.annotations.NullMarked;
