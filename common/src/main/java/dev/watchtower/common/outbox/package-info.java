/** The transactional outbox: at-least-once delivery, in order for each key. */
@NullMarked
package dev.watchtower.common.outbox;

import org.jspecify.annotations.NullMarked;
