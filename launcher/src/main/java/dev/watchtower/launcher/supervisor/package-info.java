/** Starts processes, watches them and keeps their logs and pids. */
@NullMarked
package dev.watchtower.launcher.supervisor;

import org.jspecify.annotations.NullMarked;
