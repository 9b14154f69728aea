package dev.watchtower.common.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param items the items of this page
 * @param next an opaque cursor for the query parameter {@code page} of the next one; absent on the
 *     last
 */
public record PageOf<T>(List<T> items, @Nullable String next) {}
