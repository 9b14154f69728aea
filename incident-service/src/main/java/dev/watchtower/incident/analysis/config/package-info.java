/** Wires the analyses. */
@NullMarked
package dev.watchtower.incident.analysis.config;

import org.jspecify.annotations.NullMarked;
