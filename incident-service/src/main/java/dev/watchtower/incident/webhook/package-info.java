/** How requests to other systems are signed, whoever sends them. */
@NullMarked
package dev.watchtower.incident.webhook;

import org.jspecify.annotations.NullMarked;
