/** Incidents and the rules by which they move on. */
@NullMarked
package dev.watchtower.incident.lifecycle;

import org.jspecify.annotations.NullMarked;
