/** Notifications in PostgreSQL. */
@NullMarked
package dev.watchtower.incident.notification.jdbc;

import org.jspecify.annotations.NullMarked;
