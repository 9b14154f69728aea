/** What the stores of this service share. */
@NullMarked
package dev.watchtower.incident.jdbc;

import org.jspecify.annotations.NullMarked;
