/** An incident with all that belongs to it, signed. */
@NullMarked
package dev.watchtower.incident.export;

import org.jspecify.annotations.NullMarked;
