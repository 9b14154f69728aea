/** The doors over HTTP. */
@NullMarked
package dev.watchtower.ingest.doors.web;

import org.jspecify.annotations.NullMarked;
