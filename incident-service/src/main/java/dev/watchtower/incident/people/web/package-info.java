/** The same over HTTP. */
@NullMarked
package dev.watchtower.incident.people.web;

import org.jspecify.annotations.NullMarked;
