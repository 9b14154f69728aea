/** Starts and stops the probes. */
@NullMarked
package dev.watchtower.monitor.probe.config;

import org.jspecify.annotations.NullMarked;
