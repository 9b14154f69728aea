/** Delivers notices through the outbox, whatever their channel. */
@NullMarked
package dev.watchtower.incident.notification.outbox;

import org.jspecify.annotations.NullMarked;
