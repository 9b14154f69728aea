/** Uptime as JSON. */
@NullMarked
package dev.watchtower.monitor.uptime.web;

import org.jspecify.annotations.NullMarked;
