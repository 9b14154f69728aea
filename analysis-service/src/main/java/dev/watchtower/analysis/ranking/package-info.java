/**
 * Which service is the likely cause: statistics over series, onset order and call direction. Pure.
 */
@NullMarked
package dev.watchtower.analysis.ranking;

import org.jspecify.annotations.NullMarked;
