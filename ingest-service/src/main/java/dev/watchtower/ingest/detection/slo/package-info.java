/**
 * Service level objectives: what is counted, how fast the budget burns, and when that is too fast.
 */
@NullMarked
package dev.watchtower.ingest.detection.slo;

import org.jspecify.annotations.NullMarked;
