/** The catalog: configuration as code, read by every service. */
@NullMarked
package dev.watchtower.common.catalog;

import org.jspecify.annotations.NullMarked;
