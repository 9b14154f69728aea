/** Change events from ingest-service. */
@NullMarked
package dev.watchtower.incident.changes.http;

import org.jspecify.annotations.NullMarked;
