/** Measures from PostgreSQL. */
@NullMarked
package dev.watchtower.incident.measures.jdbc;

import org.jspecify.annotations.NullMarked;
