/** Faults held at chaos agents and at the supervisor. */
@NullMarked
package dev.watchtower.chaos.run.http;

import org.jspecify.annotations.NullMarked;
