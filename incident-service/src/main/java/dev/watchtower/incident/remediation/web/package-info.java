/** The remediation log over HTTP. */
@NullMarked
package dev.watchtower.incident.remediation.web;

import org.jspecify.annotations.NullMarked;
