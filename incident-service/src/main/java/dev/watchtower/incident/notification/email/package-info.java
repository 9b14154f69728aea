/** Channels that are mail. */
@NullMarked
package dev.watchtower.incident.notification.email;

import org.jspecify.annotations.NullMarked;
