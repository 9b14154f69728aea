/** The Prometheus HTTP API for queries. */
@NullMarked
package dev.watchtower.ingest.query.web;

import org.jspecify.annotations.NullMarked;
