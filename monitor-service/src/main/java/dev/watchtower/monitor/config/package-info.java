/** The service's own SQLite file, and what its pages share. */
@NullMarked
package dev.watchtower.monitor.config;

import org.jspecify.annotations.NullMarked;
