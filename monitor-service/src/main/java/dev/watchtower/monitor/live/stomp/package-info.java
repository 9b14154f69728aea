/** STOMP from the other services to the browsers. */
@NullMarked
package dev.watchtower.monitor.live.stomp;

import org.jspecify.annotations.NullMarked;
