/** The last known state in SQLite. */
@NullMarked
package dev.watchtower.monitor.lastknown.jdbc;

import org.jspecify.annotations.NullMarked;
