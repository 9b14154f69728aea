/** How the parts are put together. */
@NullMarked
package dev.watchtower.incident.export.config;

import org.jspecify.annotations.NullMarked;
