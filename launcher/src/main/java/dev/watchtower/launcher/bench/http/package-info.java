/** Benches that run a suite of their own and talk to it. */
@NullMarked
package dev.watchtower.launcher.bench.http;

import org.jspecify.annotations.NullMarked;
