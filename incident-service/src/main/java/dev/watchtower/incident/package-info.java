/** incident-service: from signals to incidents, their lifecycle, and everybody who is told. */
@NullMarked
package dev.watchtower.incident;

import org.jspecify.annotations.NullMarked;
