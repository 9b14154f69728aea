/** The same in PostgreSQL. */
@NullMarked
package dev.watchtower.incident.people.jdbc;

import org.jspecify.annotations.NullMarked;
