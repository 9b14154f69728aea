/**
 * Change events: what was changed on purpose, so that the cause of an incident is seen beside it.
 */
@NullMarked
package dev.watchtower.ingest.events;

import org.jspecify.annotations.NullMarked;
