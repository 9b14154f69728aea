/** Outages and the Discord queue in SQLite. */
@NullMarked
package dev.watchtower.monitor.fallback.jdbc;

import org.jspecify.annotations.NullMarked;
