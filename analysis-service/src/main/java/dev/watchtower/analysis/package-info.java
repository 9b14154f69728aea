/** analysis-service: says why an incident probably happened, from evidence. */
@NullMarked
package dev.watchtower.analysis;

import org.jspecify.annotations.NullMarked;
