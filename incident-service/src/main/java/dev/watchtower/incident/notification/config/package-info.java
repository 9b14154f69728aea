/** Wires the notifications. */
@NullMarked
package dev.watchtower.incident.notification.config;

import org.jspecify.annotations.NullMarked;
