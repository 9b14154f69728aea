/**
 * What keeps people from being told of an incident: silences, maintenance, failing dependencies.
 */
@NullMarked
package dev.watchtower.incident.mute;

import org.jspecify.annotations.NullMarked;
