/** The edge to the clock and to randomness. */
@NullMarked
package dev.watchtower.common.time;

import org.jspecify.annotations.NullMarked;
