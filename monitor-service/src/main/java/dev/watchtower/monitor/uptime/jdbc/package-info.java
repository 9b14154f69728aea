/** Uptime in SQLite. */
@NullMarked
package dev.watchtower.monitor.uptime.jdbc;

import org.jspecify.annotations.NullMarked;
