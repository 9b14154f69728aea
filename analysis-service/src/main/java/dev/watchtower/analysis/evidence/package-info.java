/** What was measured around an incident, each piece with an id that a hypothesis can cite. Core. */
@NullMarked
package dev.watchtower.analysis.evidence;

import org.jspecify.annotations.NullMarked;
