/** Notifications over HTTP. */
@NullMarked
package dev.watchtower.incident.notification.web;

import org.jspecify.annotations.NullMarked;
