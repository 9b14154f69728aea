/** Silences and maintenance windows in PostgreSQL. */
@NullMarked
package dev.watchtower.incident.mute.jdbc;

import org.jspecify.annotations.NullMarked;
