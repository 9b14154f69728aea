/** Golden signals over HTTP. */
@NullMarked
package dev.watchtower.ingest.golden.web;

import org.jspecify.annotations.NullMarked;
