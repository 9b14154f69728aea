/** Signals to incident-service. */
@NullMarked
package dev.watchtower.monitor.fallback.http;

import org.jspecify.annotations.NullMarked;
