/** What fires, in PostgreSQL, with its outbox messages in the same transaction. */
@NullMarked
package dev.watchtower.ingest.detection.jdbc;

import org.jspecify.annotations.NullMarked;
