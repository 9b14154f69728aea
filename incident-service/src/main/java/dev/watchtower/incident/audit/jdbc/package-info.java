/** The audit trail in PostgreSQL. */
@NullMarked
package dev.watchtower.incident.audit.jdbc;

import org.jspecify.annotations.NullMarked;
