/** Checks over the network. */
@NullMarked
package dev.watchtower.monitor.probe.http;

import org.jspecify.annotations.NullMarked;
