/** Bearer tokens, their keys, and who may call what. */
@NullMarked
package dev.watchtower.common.security;

import org.jspecify.annotations.NullMarked;
