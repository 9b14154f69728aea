/** Postmortems over HTTP. */
@NullMarked
package dev.watchtower.incident.postmortem.web;

import org.jspecify.annotations.NullMarked;
