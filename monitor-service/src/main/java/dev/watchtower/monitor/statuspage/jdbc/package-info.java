/** The public history of incidents in SQLite. */
@NullMarked
package dev.watchtower.monitor.statuspage.jdbc;

import org.jspecify.annotations.NullMarked;
