/** The doors for signals: Watchtower's own and Alertmanager's. */
@NullMarked
package dev.watchtower.incident.signals.web;

import org.jspecify.annotations.NullMarked;
