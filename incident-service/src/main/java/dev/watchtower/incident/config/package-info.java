/** What the whole service shares: access rules and the tickers. */
@NullMarked
package dev.watchtower.incident.config;

import org.jspecify.annotations.NullMarked;
