/** Signals in PostgreSQL. */
@NullMarked
package dev.watchtower.incident.signals.jdbc;

import org.jspecify.annotations.NullMarked;
