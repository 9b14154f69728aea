/** The chaos agent: faults held at the target as leases that end by themselves. */
@NullMarked
package dev.watchtower.common.chaosagent;

import org.jspecify.annotations.NullMarked;
