/** Stock and reservations in PostgreSQL. */
@NullMarked
package dev.watchtower.shop.inventory;

import org.jspecify.annotations.NullMarked;
