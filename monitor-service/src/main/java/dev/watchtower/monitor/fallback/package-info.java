/** Service-down alerts: to incident-service, or to Discord when it does not take them in time. */
@NullMarked
package dev.watchtower.monitor.fallback;

import org.jspecify.annotations.NullMarked;
