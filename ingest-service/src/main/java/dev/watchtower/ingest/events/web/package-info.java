/** Change events over HTTP. */
@NullMarked
package dev.watchtower.ingest.events.web;

import org.jspecify.annotations.NullMarked;
