/** Incidents over HTTP and STOMP. */
@NullMarked
package dev.watchtower.incident.lifecycle.web;

import org.jspecify.annotations.NullMarked;
