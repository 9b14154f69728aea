/** Black-box probes: what is checked, and when a run of results makes something up or down. */
@NullMarked
package dev.watchtower.monitor.probe;

import org.jspecify.annotations.NullMarked;
