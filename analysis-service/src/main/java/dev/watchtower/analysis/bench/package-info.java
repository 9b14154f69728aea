/** Runs the production ranking over recorded incidents. */
@NullMarked
package dev.watchtower.analysis.bench;

import org.jspecify.annotations.NullMarked;
