/** What postmortems ask other services. */
@NullMarked
package dev.watchtower.incident.postmortem.http;

import org.jspecify.annotations.NullMarked;
