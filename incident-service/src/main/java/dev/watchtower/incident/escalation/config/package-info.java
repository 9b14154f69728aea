/** Wires the escalation. */
@NullMarked
package dev.watchtower.incident.escalation.config;

import org.jspecify.annotations.NullMarked;
