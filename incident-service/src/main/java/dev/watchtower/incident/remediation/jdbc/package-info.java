/** The remediation log in PostgreSQL. */
@NullMarked
package dev.watchtower.incident.remediation.jdbc;

import org.jspecify.annotations.NullMarked;
