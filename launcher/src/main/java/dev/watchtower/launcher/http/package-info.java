/** Small HTTP calls. */
@NullMarked
package dev.watchtower.launcher.http;

import org.jspecify.annotations.NullMarked;
