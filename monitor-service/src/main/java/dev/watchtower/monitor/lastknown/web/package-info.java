/** The last known state as JSON. */
@NullMarked
package dev.watchtower.monitor.lastknown.web;

import org.jspecify.annotations.NullMarked;
