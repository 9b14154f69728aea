/** Starts and stops the couriers. */
@NullMarked
package dev.watchtower.monitor.fallback.config;

import org.jspecify.annotations.NullMarked;
