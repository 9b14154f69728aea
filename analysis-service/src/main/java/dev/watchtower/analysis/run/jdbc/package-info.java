/** Analyses and feedback in PostgreSQL. */
@NullMarked
package dev.watchtower.analysis.run.jdbc;

import org.jspecify.annotations.NullMarked;
