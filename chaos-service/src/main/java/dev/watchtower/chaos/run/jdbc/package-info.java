/** Runs in PostgreSQL. */
@NullMarked
package dev.watchtower.chaos.run.jdbc;

import org.jspecify.annotations.NullMarked;
