/**
 * monitor-service: probes, uptime, the dashboard's gateway, the public status page, fallback
 * alerts.
 */
@NullMarked
package dev.watchtower.monitor;

import org.jspecify.annotations.NullMarked;
