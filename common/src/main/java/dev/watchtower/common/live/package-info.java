/** Live topics over STOMP with sequence numbers and replay. */
@NullMarked
package dev.watchtower.common.live;

import org.jspecify.annotations.NullMarked;
