/** Incidents on the live topics. */
@NullMarked
package dev.watchtower.incident.lifecycle.stomp;

import org.jspecify.annotations.NullMarked;
