/** Wires the playbooks. */
@NullMarked
package dev.watchtower.incident.remediation.config;

import org.jspecify.annotations.NullMarked;
