/** Analyses in PostgreSQL. */
@NullMarked
package dev.watchtower.incident.analysis.jdbc;

import org.jspecify.annotations.NullMarked;
