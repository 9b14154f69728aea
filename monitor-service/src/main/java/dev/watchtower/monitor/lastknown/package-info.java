/** The last known state of incidents, signals and SLOs. */
@NullMarked
package dev.watchtower.monitor.lastknown;

import org.jspecify.annotations.NullMarked;
