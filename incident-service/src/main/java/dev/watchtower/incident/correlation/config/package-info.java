/** Wires merging and splitting. */
@NullMarked
package dev.watchtower.incident.correlation.config;

import org.jspecify.annotations.NullMarked;
