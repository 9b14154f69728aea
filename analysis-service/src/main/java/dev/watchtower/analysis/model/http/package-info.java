/** The model behind an OpenAI-compatible API. */
@NullMarked
package dev.watchtower.analysis.model.http;

import org.jspecify.annotations.NullMarked;
