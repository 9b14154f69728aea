/** The public status page: what it says, without how it looks. */
@NullMarked
package dev.watchtower.monitor.statuspage;

import org.jspecify.annotations.NullMarked;
