/** Runs of experiments: what may start, how a fault is held, when it ends. */
@NullMarked
package dev.watchtower.chaos.run;

import org.jspecify.annotations.NullMarked;
