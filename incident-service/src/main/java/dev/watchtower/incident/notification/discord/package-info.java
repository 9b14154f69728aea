/** Cards on Discord, through its webhook. */
@NullMarked
package dev.watchtower.incident.notification.discord;

import org.jspecify.annotations.NullMarked;
