/** The same over HTTP. */
@NullMarked
package dev.watchtower.incident.export.web;

import org.jspecify.annotations.NullMarked;
