/** What every service's HTTP side has in common: trace context, request log, security headers. */
@NullMarked
package dev.watchtower.common.web;

import org.jspecify.annotations.NullMarked;
