/** How rules stand, over HTTP. */
@NullMarked
package dev.watchtower.ingest.detection.web;

import org.jspecify.annotations.NullMarked;
