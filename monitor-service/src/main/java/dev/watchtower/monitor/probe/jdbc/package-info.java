/** Observed states in SQLite. */
@NullMarked
package dev.watchtower.monitor.probe.jdbc;

import org.jspecify.annotations.NullMarked;
