/** Wires the muting. */
@NullMarked
package dev.watchtower.incident.mute.config;

import org.jspecify.annotations.NullMarked;
