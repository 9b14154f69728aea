/** Escalations and on-call over HTTP. */
@NullMarked
package dev.watchtower.incident.escalation.web;

import org.jspecify.annotations.NullMarked;
