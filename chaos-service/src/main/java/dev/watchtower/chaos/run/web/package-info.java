/** Experiments and runs over REST and STOMP. */
@NullMarked
package dev.watchtower.chaos.run.web;

import org.jspecify.annotations.NullMarked;
