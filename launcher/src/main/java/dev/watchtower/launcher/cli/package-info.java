/** The subcommands. */
@NullMarked
package dev.watchtower.launcher.cli;

import org.jspecify.annotations.NullMarked;
