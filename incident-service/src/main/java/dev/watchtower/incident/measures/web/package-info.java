/** Measures over HTTP. */
@NullMarked
package dev.watchtower.incident.measures.web;

import org.jspecify.annotations.NullMarked;
