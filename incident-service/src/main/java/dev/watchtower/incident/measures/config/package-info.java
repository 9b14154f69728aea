/** Wires the measures. */
@NullMarked
package dev.watchtower.incident.measures.config;

import org.jspecify.annotations.NullMarked;
