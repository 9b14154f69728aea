/** Who did what from where, append-only and hash-chained. */
@NullMarked
package dev.watchtower.incident.audit;

import org.jspecify.annotations.NullMarked;
