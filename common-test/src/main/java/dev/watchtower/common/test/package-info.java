/** What the tests of several modules need: PostgreSQL, a settable clock, keys, house rules. */
@NullMarked
package dev.watchtower.common.test;

import org.jspecify.annotations.NullMarked;
