/** The status page as HTML, JSON, feeds and badge. */
@NullMarked
package dev.watchtower.monitor.statuspage.web;

import org.jspecify.annotations.NullMarked;
