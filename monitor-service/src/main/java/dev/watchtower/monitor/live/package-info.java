/** Which upstream carries which live topic. */
@NullMarked
package dev.watchtower.monitor.live;

import org.jspecify.annotations.NullMarked;
