/** How the parts are put together. */
@NullMarked
package dev.watchtower.incident.people.config;

import org.jspecify.annotations.NullMarked;
