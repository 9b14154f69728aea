/** The audit trail over HTTP, and the filter that writes it. */
@NullMarked
package dev.watchtower.incident.audit.web;

import org.jspecify.annotations.NullMarked;
