/** How fast incidents are detected, taken up and ended. */
@NullMarked
package dev.watchtower.incident.measures;

import org.jspecify.annotations.NullMarked;
