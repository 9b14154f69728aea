/** PostgreSQL behind a service: migrations that wait for it, and answers while it is down. */
@NullMarked
package dev.watchtower.common.db;

import org.jspecify.annotations.NullMarked;
