/** Users and machine tokens in SQLite. */
@NullMarked
package dev.watchtower.monitor.auth.jdbc;

import org.jspecify.annotations.NullMarked;
