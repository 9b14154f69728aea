/** The supervisor's HTTP interface, and the client for it. */
@NullMarked
package dev.watchtower.launcher.supervisor.http;

import org.jspecify.annotations.NullMarked;
