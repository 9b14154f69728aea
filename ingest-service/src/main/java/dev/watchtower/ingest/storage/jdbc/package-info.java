/** The log and the archive in PostgreSQL. */
@NullMarked
package dev.watchtower.ingest.storage.jdbc;

import org.jspecify.annotations.NullMarked;
