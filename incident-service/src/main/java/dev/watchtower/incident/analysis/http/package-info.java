/** Requests to analysis-service. */
@NullMarked
package dev.watchtower.incident.analysis.http;

import org.jspecify.annotations.NullMarked;
