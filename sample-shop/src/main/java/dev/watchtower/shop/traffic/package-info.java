/** Customers: steady, slightly irregular traffic. */
@NullMarked
package dev.watchtower.shop.traffic;

import org.jspecify.annotations.NullMarked;
