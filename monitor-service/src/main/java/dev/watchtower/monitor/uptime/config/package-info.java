/** Counts time. */
@NullMarked
package dev.watchtower.monitor.uptime.config;

import org.jspecify.annotations.NullMarked;
