/** The records that cross a service boundary. A change here is a change of a public contract. */
@NullMarked
package dev.watchtower.common.wire;

import org.jspecify.annotations.NullMarked;
