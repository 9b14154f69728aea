/** Plain JSON samples, for scripts. */
@NullMarked
package dev.watchtower.ingest.doors.json;

import org.jspecify.annotations.NullMarked;
