/** Timelines in PostgreSQL. */
@NullMarked
package dev.watchtower.incident.timeline.jdbc;

import org.jspecify.annotations.NullMarked;
