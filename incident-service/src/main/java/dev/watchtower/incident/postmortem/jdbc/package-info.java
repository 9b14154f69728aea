/** Postmortems in PostgreSQL. */
@NullMarked
package dev.watchtower.incident.postmortem.jdbc;

import org.jspecify.annotations.NullMarked;
