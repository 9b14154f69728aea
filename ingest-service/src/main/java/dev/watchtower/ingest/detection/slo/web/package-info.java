/** SLOs over HTTP. */
@NullMarked
package dev.watchtower.ingest.detection.slo.web;

import org.jspecify.annotations.NullMarked;
