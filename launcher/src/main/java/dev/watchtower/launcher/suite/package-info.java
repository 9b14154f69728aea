/** What Watchtower consists of on one machine: processes, ports, files, build. */
@NullMarked
package dev.watchtower.launcher.suite;

import org.jspecify.annotations.NullMarked;
