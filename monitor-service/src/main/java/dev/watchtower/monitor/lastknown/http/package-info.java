/** Reads the state of the peers when they come back. */
@NullMarked
package dev.watchtower.monitor.lastknown.http;

import org.jspecify.annotations.NullMarked;
