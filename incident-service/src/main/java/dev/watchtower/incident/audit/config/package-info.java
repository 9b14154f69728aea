/** How the parts are put together. */
@NullMarked
package dev.watchtower.incident.audit.config;

import org.jspecify.annotations.NullMarked;
