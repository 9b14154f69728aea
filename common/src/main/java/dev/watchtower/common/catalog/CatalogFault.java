package dev.watchtower.common.catalog;

import java.util.regex.Pattern;

/**
 * One thing that is wrong in the catalog. Who is named in an address ({@code user:password@}) is
 * masked: faults are logged, and shown to everybody who is logged in.
 *
 * @param line line in the file, from 1
 * @param path where in the document, for example {@code rules[2].above}; empty for the whole file
 * @param message what was expected
 */
public record CatalogFault(int line, String path, String message) {
  /**
   * What stands before the last {@code @}, in an address and in a quoted value without a scheme. As
   * far as it can reach: a refused address need not keep to the rules, and its password may have
   * any character.
   */
  private static final Pattern USER_INFO =
      Pattern.compile("(?<=://)(?![\\s,]).*@|(?<=')[^\\s':/@]*:(?!//).*@");

  public CatalogFault {
    path = masked(path);
    message = masked(message);
  }

  private static String masked(String text) {
    return USER_INFO.matcher(text).replaceAll("***@");
  }

  /** As one line for people: {@code config/watchtower.yaml:42: rules[2].above: expected …}. */
  public String text(String file) {
    return file + ":" + line + ": " + (path.isEmpty() ? "" : path + ": ") + message;
  }
}
