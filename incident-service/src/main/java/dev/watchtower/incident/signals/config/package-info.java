/** Wires the signals. */
@NullMarked
package dev.watchtower.incident.signals.config;

import org.jspecify.annotations.NullMarked;
