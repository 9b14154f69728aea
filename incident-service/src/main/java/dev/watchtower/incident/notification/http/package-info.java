/** Discord's webhook. */
@NullMarked
package dev.watchtower.incident.notification.http;

import org.jspecify.annotations.NullMarked;
