/** Builds the run engine. */
@NullMarked
package dev.watchtower.chaos.run.config;

import org.jspecify.annotations.NullMarked;
