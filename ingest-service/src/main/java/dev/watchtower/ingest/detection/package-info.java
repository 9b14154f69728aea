/**
 * Detection: the catalog's rules, decided by a pure state machine at the time of the samples
 * ({@link dev.watchtower.ingest.detection.RuleState}), so that the same samples give the same
 * signals.
 */
@NullMarked
package dev.watchtower.ingest.detection;

import org.jspecify.annotations.NullMarked;
