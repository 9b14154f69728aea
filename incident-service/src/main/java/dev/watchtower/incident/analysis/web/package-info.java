/** Analyses over HTTP. */
@NullMarked
package dev.watchtower.incident.analysis.web;

import org.jspecify.annotations.NullMarked;
