/** The append-only, hash-chained record of an incident. */
@NullMarked
package dev.watchtower.incident.timeline;

import org.jspecify.annotations.NullMarked;
