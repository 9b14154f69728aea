/** Keeps the rendered status page current. */
@NullMarked
package dev.watchtower.monitor.statuspage.config;

import org.jspecify.annotations.NullMarked;
