/** Measurements that anybody can repeat. */
@NullMarked
package dev.watchtower.launcher.bench;

import org.jspecify.annotations.NullMarked;
