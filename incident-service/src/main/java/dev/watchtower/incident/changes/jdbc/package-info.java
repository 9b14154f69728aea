/** The change events that were taken, in PostgreSQL. */
@NullMarked
package dev.watchtower.incident.changes.jdbc;

import org.jspecify.annotations.NullMarked;
