/**
 * chaos-service: breaks things on purpose, and only for as long as it is there to hold the fault.
 */
@NullMarked
package dev.watchtower.chaos;

import org.jspecify.annotations.NullMarked;
