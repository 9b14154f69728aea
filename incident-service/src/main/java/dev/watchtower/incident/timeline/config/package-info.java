/** Wires the timeline. */
@NullMarked
package dev.watchtower.incident.timeline.config;

import org.jspecify.annotations.NullMarked;
