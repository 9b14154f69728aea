/** The same over HTTP. */
@NullMarked
package dev.watchtower.incident.statusupdate.web;

import org.jspecify.annotations.NullMarked;
