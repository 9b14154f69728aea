/** Puts the service together. */
@NullMarked
package dev.watchtower.analysis.config;

import org.jspecify.annotations.NullMarked;
