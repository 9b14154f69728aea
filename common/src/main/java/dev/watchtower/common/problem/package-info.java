/** Problem details (RFC 9457): the one form of every error answer. */
@NullMarked
package dev.watchtower.common.problem;

import org.jspecify.annotations.NullMarked;
