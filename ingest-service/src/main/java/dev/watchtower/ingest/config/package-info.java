/** Puts the parts of ingest-service together. */
@NullMarked
package dev.watchtower.ingest.config;

import org.jspecify.annotations.NullMarked;
