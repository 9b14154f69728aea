/** Keeps the last known state in the store. */
@NullMarked
package dev.watchtower.monitor.lastknown.config;

import org.jspecify.annotations.NullMarked;
