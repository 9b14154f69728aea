package dev.watchtower.monitor.auth;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Slows down whoever guesses passwords: after {@value #FREE} failures for an account from an
 * address each further one doubles the wait, and so, later, for an account from anywhere and for an
 * address with any account. A try counts as a failure from its beginning until it succeeds, so that
 * many at once are not more than many in a row. A success forgets the failures of that account from
 * that address. Of IPv6 the first 64 bits are the address: whoever has one has all of its network.
 * Safe for use by several threads.
 *
 * <p>Strangers must not lock the owner out: the wait for an account from anywhere is short, and is
 * not asked of an address from which that account was logged in to since the start of this service.
 *
 * <p>Bounds: {@value #MAX_KEPT} counts and as many such addresses; the longest unused give way.
 */
public final class LoginThrottle {
  static final int FREE = 5;
  private static final int FREE_ACCOUNT = 30;
  private static final int FREE_ADDRESS = 50;
  private static final Duration FIRST = Duration.ofSeconds(15);
  private static final Duration LONGEST = Duration.ofMinutes(15);
  private static final Duration LONGEST_ACCOUNT = Duration.ofSeconds(30);
  private static final Duration FORGET = Duration.ofHours(1);
  private static final int MAX_KEPT = 20_000;

  private record Failures(int count, Instant last) {}

  private static final class Newest<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;

    Newest() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > MAX_KEPT;
    }
  }

  private final Map<String, Failures> failures = new Newest<>();
  private final Map<String, Boolean> homes = new Newest<>();

  /**
   * Begins a try, which counts as failed unless {@link #succeeded} or {@link #withdrawn} follows.
   *
   * @return how long there is to wait first; zero if it may be tried now. What has to wait has not
   *     begun and does not count.
   */
  public synchronized Duration begin(String account, String address, Instant now) {
    var keys = keys(account, address);
    var longest = Duration.ZERO;
    for (var key : keys) {
      var wait = isAccount(key) && atHome(keys) ? Duration.ZERO : waitOf(key, now);
      longest = longest.compareTo(wait) < 0 ? wait : longest;
    }
    if (longest.isZero()) {
      keys.forEach(key -> count(key, now));
    }
    return longest;
  }

  private boolean atHome(List<String> keys) {
    return homes.get(keys.getFirst()) != null;
  }

  private Duration waitOf(String key, Instant now) {
    var seen = failures.get(key);
    if (seen == null || seen.count() < free(key)) {
      return Duration.ZERO;
    }
    var most = isAccount(key) ? LONGEST_ACCOUNT : LONGEST;
    var pause = FIRST.multipliedBy(1L << Math.min(seen.count() - free(key), 10));
    var until = seen.last().plus(pause.compareTo(most) < 0 ? pause : most);
    return now.isBefore(until) ? Duration.between(now, until) : Duration.ZERO;
  }

  private void count(String key, Instant now) {
    failures.merge(
        key,
        new Failures(1, now),
        (old, fresh) ->
            Duration.between(old.last(), now).compareTo(FORGET) > 0
                ? fresh
                : new Failures(old.count() + 1, now));
  }

  /** The try that was begun last has succeeded. */
  public synchronized void succeeded(String account, String address) {
    var keys = keys(account, address);
    failures.remove(keys.getFirst());
    keys.subList(1, keys.size()).forEach(this::takeBack);
    homes.put(keys.getFirst(), true);
  }

  /** The try that was begun last was ended by us, and says nothing of the password. */
  public synchronized void withdrawn(String account, String address) {
    keys(account, address).forEach(this::takeBack);
  }

  private void takeBack(String key) {
    failures.computeIfPresent(
        key, (_, f) -> f.count() <= 1 ? null : new Failures(f.count() - 1, f.last()));
  }

  private static boolean isAccount(String key) {
    return key.charAt(0) == 'n';
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
    var from = network(address);
    return List.of("b " + shown + " " + from, "n " + shown, "a " + from);
  }

  private static String network(String address) {
    try {
      var bytes = InetAddress.ofLiteral(address).getAddress();
      return bytes.length == 16 ? HexFormat.of().formatHex(bytes, 0, 8) : address;
    } catch (IllegalArgumentException e) {
      return address;
    }
  }
}
