/** The transition table run by Spring Statemachine. */
@NullMarked
package dev.watchtower.incident.lifecycle.statemachine;

import org.jspecify.annotations.NullMarked;
