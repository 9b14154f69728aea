/** A stand-in for an upstream service, with the real live topics and the real token checks. */
@NullMarked
package dev.watchtower.upstream;

import org.jspecify.annotations.NullMarked;
