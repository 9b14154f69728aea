/** Serves the dashboard's files, and errors as pages to people. */
@NullMarked
package dev.watchtower.monitor.dashboard.web;

import org.jspecify.annotations.NullMarked;
