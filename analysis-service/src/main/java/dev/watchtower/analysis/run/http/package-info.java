/** Results on their way to incident-service. */
@NullMarked
package dev.watchtower.analysis.run.http;

import org.jspecify.annotations.NullMarked;
