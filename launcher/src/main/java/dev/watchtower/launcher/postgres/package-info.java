/** The embedded PostgreSQL server: binaries, data directory, roles. */
@NullMarked
package dev.watchtower.launcher.postgres;

import org.jspecify.annotations.NullMarked;
