/**
 * The sample shop: a small live system to watch and to break. One program, started as several
 * processes.
 */
@NullMarked
package dev.watchtower.shop;

import org.jspecify.annotations.NullMarked;
