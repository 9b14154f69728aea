/** Wires the change events. */
@NullMarked
package dev.watchtower.incident.changes.config;

import org.jspecify.annotations.NullMarked;
