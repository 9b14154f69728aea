/** Asking for the likely cause, and taking the answer. */
@NullMarked
package dev.watchtower.incident.analysis;

import org.jspecify.annotations.NullMarked;
