/** The same in PostgreSQL. */
@NullMarked
package dev.watchtower.incident.statusupdate.jdbc;

import org.jspecify.annotations.NullMarked;
