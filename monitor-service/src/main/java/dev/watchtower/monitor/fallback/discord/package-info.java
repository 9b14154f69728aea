/** Discord webhooks. */
@NullMarked
package dev.watchtower.monitor.fallback.discord;

import org.jspecify.annotations.NullMarked;
