/** The document of a service's API: what holds for every operation is said in one place. */
@NullMarked
package dev.watchtower.common.apidoc;

import org.jspecify.annotations.NullMarked;
