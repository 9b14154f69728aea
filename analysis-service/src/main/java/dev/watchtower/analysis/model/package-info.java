/** What a language model may be asked and what of its answer is believed. Core. */
@NullMarked
package dev.watchtower.analysis.model;

import org.jspecify.annotations.NullMarked;
