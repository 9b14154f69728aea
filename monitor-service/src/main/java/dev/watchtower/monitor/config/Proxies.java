package dev.watchtower.monitor.config;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whose word counts on who asks: the proxies before this service, as Tomcat wants them. Pure. */
final class Proxies {
  private static final Pattern FOUR_PARTS = Pattern.compile("\\d+(\\.\\d+){3}");

  private Proxies() {}

  /**
   * {@code list} with each address as a network.
   *
   * @param list IP addresses and networks such as {@code 10.1.0.0/16}, between commas; empty for
   *     none
   * @throws IllegalArgumentException if something of it is neither. Tomcat would take the whole
   *     list for a pattern that fits nobody.
   */
  static String networks(String list) {
    return Arrays.stream(list.split(","))
        .map(String::strip)
        .filter(one -> !one.isEmpty())
        .map(Proxies::network)
        .collect(Collectors.joining(","));
  }

  private static String network(String one) {
    int slash = one.indexOf('/');
    try {
      var text = slash < 0 ? one : one.substring(0, slash);
      if (!text.contains(":") && !FOUR_PARTS.matcher(text).matches()) {
        throw new IllegalArgumentException("Java takes 10.1 for 10.0.0.1");
      }
      var address = InetAddress.ofLiteral(text);
      int most = address.getAddress().length * Byte.SIZE;
      int bits = slash < 0 ? most : Integer.parseInt(one.substring(slash + 1));
      if (bits >= 0 && bits <= most) {
        return address.getHostAddress() + "/" + bits;
      }
    } catch (IllegalArgumentException e) {
      // Told below, with what is meant.
    }
    throw new IllegalArgumentException(
        "WATCHTOWER_PROXIES: '" + one + "' is no IP address and no network such as 10.1.0.0/16");
  }
}
