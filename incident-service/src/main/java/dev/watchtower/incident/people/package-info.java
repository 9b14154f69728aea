/** Who works on an incident and what is to be done. */
@NullMarked
package dev.watchtower.incident.people;

import org.jspecify.annotations.NullMarked;
