/** Who may reach what. */
@NullMarked
package dev.watchtower.monitor.auth.config;

import org.jspecify.annotations.NullMarked;
