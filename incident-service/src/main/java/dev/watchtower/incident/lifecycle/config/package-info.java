/** Wires the lifecycle. */
@NullMarked
package dev.watchtower.incident.lifecycle.config;

import org.jspecify.annotations.NullMarked;
