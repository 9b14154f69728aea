/** Measures detection on recorded data, with the production classes. */
@NullMarked
package dev.watchtower.ingest.bench;

import org.jspecify.annotations.NullMarked;
