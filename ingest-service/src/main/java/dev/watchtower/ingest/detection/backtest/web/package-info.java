/** Back-tests over HTTP. */
@NullMarked
package dev.watchtower.ingest.detection.backtest.web;

import org.jspecify.annotations.NullMarked;
