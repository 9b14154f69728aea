/** Hypotheses, suggestions and risk in plain words, from the ranking alone. Core. */
@NullMarked
package dev.watchtower.analysis.report;

import org.jspecify.annotations.NullMarked;
