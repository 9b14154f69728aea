/** The REST interface. */
@NullMarked
package dev.watchtower.analysis.run.web;

import org.jspecify.annotations.NullMarked;
