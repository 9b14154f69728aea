/** Change events in PostgreSQL. */
@NullMarked
package dev.watchtower.ingest.events.jdbc;

import org.jspecify.annotations.NullMarked;
