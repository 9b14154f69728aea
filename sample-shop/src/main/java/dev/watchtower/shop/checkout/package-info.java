/** Takes an order to the inventory. */
@NullMarked
package dev.watchtower.shop.checkout;

import org.jspecify.annotations.NullMarked;
