package dev.watchtower.monitor.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Slows down whoever guesses passwords: after {@value #FREE} failures for an account from an
 * address each further one doubles the wait, and so, later, for an account from anywhere and for an
 * address with any account. A success forgets the failures of that account from that address. Safe
 * for use by several threads.
 */
public final class LoginThrottle {
  static final int FREE = 5;
  private static final int FREE_ACCOUNT = 30;
  private static final int FREE_ADDRESS = 50;
  private static final Duration FIRST = Duration.ofSeconds(15);
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final Duration FORGET = Duration.ofHours(1);
  private static final int MAX_KEPT = 20_000;

  private record Failures(int count, Instant last) {}

  private final Map<String, Failures> failures =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > MAX_KEPT;
        }
      };

  /** How long there is to wait before a login is tried; zero if it may be tried now. */
  public synchronized Duration toWait(String account, String address, Instant now) {
    var longest = Duration.ZERO;
    for (var key : keys(account, address)) {
      var wait = waitOf(failures.get(key), free(key), now);
      longest = longest.compareTo(wait) < 0 ? wait : longest;
    }
    return longest;
  }

  private static Duration waitOf(@Nullable Failures seen, int free, Instant now) {
    if (seen == null || seen.count() < free) {
      return Duration.ZERO;
    }
    var pause = FIRST.multipliedBy(1L << Math.min(seen.count() - free, 10));
    var until = seen.last().plus(pause.compareTo(LONGEST) < 0 ? pause : LONGEST);
    return now.isBefore(until) ? Duration.between(now, until) : Duration.ZERO;
  }

  /** Records a failure. */
  public synchronized void failed(String account, String address, Instant now) {
    for (var key : keys(account, address)) {
      failures.merge(
          key,
          new Failures(1, now),
          (old, fresh) ->
              Duration.between(old.last(), now).compareTo(FORGET) > 0
                  ? fresh
                  : new Failures(old.count() + 1, now));
    }
  }

  /** Records a success. */
  public synchronized void succeeded(String account, String address) {
    failures.remove(keys(account, address).getFirst());
  }

  private static int free(String key) {
    return switch (key.charAt(0)) {
      case 'b' -> FREE;
      case 'n' -> FREE_ACCOUNT;
      default -> FREE_ADDRESS;
    };
  }

  private static List<String> keys(String account, String address) {
    var name = account.toLowerCase(Locale.ROOT);
    var shown = name.length() > 64 ? name.substring(0, 64) : name;
    return List.of("b " + shown + " " + address, "n " + shown, "a " + address);
  }
}
