/** Evidence from ingest-service and incident-service. */
@NullMarked
package dev.watchtower.analysis.evidence.http;

import org.jspecify.annotations.NullMarked;
