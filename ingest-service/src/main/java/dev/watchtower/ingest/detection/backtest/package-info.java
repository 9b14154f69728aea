/** What a rule would have told of the stored past. */
@NullMarked
package dev.watchtower.ingest.detection.backtest;

import org.jspecify.annotations.NullMarked;
