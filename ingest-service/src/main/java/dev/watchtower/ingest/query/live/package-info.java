/** Raw samples of chosen series as they arrive. */
@NullMarked
package dev.watchtower.ingest.query.live;

import org.jspecify.annotations.NullMarked;
