package dev.watchtower.common.security;

import java.util.function.Predicate;

/** Where a service learns which tokens were revoked. */
@FunctionalInterface
public interface RevocationSource {
  /**
   * Whether the token of an id was revoked; as {@code user:NAME}, whether monitor says that the
   * user may not work on incidents. Asked for every request, so it must be quick.
   */
  Predicate<String> revoked();
}
