/** Structured log lines and the recent ones kept for GET /logs. */
@NullMarked
package dev.watchtower.common.logs;

import org.jspecify.annotations.NullMarked;
