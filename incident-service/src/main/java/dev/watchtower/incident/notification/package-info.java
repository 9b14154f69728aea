/** Who is told what about an incident. */
@NullMarked
package dev.watchtower.incident.notification;

import org.jspecify.annotations.NullMarked;
