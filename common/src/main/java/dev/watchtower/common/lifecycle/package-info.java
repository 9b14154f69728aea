/** Parts of a service that live as long as it does. */
@NullMarked
package dev.watchtower.common.lifecycle;

import org.jspecify.annotations.NullMarked;
