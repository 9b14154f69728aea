/** Incidents in PostgreSQL through JPA. */
@NullMarked
package dev.watchtower.incident.lifecycle.jpa;

import org.jspecify.annotations.NullMarked;
