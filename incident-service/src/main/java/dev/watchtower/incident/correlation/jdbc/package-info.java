/** What was merged and split, in PostgreSQL. */
@NullMarked
package dev.watchtower.incident.correlation.jdbc;

import org.jspecify.annotations.NullMarked;
