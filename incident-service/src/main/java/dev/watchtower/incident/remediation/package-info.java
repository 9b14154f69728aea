/** Playbooks: what the system may repair by itself. */
@NullMarked
package dev.watchtower.incident.remediation;

import org.jspecify.annotations.NullMarked;
