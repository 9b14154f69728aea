/**
 * Uptime: time counted per subject as up, degraded or down; time not measured counts as nothing.
 */
@NullMarked
package dev.watchtower.monitor.uptime;

import org.jspecify.annotations.NullMarked;
