/** The command {@code ./watchtower}. */
@NullMarked
package dev.watchtower.launcher;

import org.jspecify.annotations.NullMarked;
