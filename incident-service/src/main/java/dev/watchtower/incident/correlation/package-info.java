/** How services and their incidents hang together. */
@NullMarked
package dev.watchtower.incident.correlation;

import org.jspecify.annotations.NullMarked;
