/** Escalations in PostgreSQL. */
@NullMarked
package dev.watchtower.incident.escalation.jdbc;

import org.jspecify.annotations.NullMarked;
