/** The supervisor that restarts processes. */
@NullMarked
package dev.watchtower.incident.remediation.http;

import org.jspecify.annotations.NullMarked;
