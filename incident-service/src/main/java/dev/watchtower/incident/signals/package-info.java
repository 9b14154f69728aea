/** What signals do to incidents. */
@NullMarked
package dev.watchtower.incident.signals;

import org.jspecify.annotations.NullMarked;
