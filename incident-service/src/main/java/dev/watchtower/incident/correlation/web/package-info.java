/** Merging and splitting over HTTP. */
@NullMarked
package dev.watchtower.incident.correlation.web;

import org.jspecify.annotations.NullMarked;
