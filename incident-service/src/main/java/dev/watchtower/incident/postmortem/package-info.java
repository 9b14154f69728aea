/** What was learnt from an incident: drafted by the system, written by people. */
@NullMarked
package dev.watchtower.incident.postmortem;

import org.jspecify.annotations.NullMarked;
