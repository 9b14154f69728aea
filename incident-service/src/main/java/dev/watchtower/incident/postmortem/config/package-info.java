/** Wires the postmortems. */
@NullMarked
package dev.watchtower.incident.postmortem.config;

import org.jspecify.annotations.NullMarked;
