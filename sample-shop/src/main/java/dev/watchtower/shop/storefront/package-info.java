/** The shop's front: products and orders. */
@NullMarked
package dev.watchtower.shop.storefront;

import org.jspecify.annotations.NullMarked;
