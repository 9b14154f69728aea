/** How the parts are put together. */
@NullMarked
package dev.watchtower.incident.statusupdate.config;

import org.jspecify.annotations.NullMarked;
