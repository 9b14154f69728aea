/** Silences and maintenance windows over HTTP. */
@NullMarked
package dev.watchtower.incident.mute.web;

import org.jspecify.annotations.NullMarked;
