/** Calls to other services: time limits, service tokens, trace context. */
@NullMarked
package dev.watchtower.common.http;

import org.jspecify.annotations.NullMarked;
