/** What the dashboard asks for: itself, the overview, and the gateway to the other services. */
@NullMarked
package dev.watchtower.monitor.bff.web;

import org.jspecify.annotations.NullMarked;
