/** Channels that are called over HTTP: webhooks and what takes Slack's. */
@NullMarked
package dev.watchtower.incident.notification.http;

import org.jspecify.annotations.NullMarked;
