/** Who is on call, and who is told when nobody takes an incident up. */
@NullMarked
package dev.watchtower.incident.escalation;

import org.jspecify.annotations.NullMarked;
