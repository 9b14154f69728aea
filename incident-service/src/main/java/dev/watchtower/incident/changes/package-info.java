/** What was changed on purpose around an incident. */
@NullMarked
package dev.watchtower.incident.changes;

import org.jspecify.annotations.NullMarked;
