/** What the public is told about an incident. */
@NullMarked
package dev.watchtower.incident.statusupdate;

import org.jspecify.annotations.NullMarked;
