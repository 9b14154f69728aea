/** What the launcher does inside the database. */
@NullMarked
package dev.watchtower.launcher.postgres.jdbc;

import org.jspecify.annotations.NullMarked;
