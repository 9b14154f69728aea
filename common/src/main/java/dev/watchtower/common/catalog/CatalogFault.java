package dev.watchtower.common.catalog;

/**
 * One thing that is wrong in the catalog.
 *
 * @param line line in the file, from 1
 * @param path where in the document, for example {@code rules[2].above}; empty for the whole file
 * @param message what was expected
 */
public record CatalogFault(int line, String path, String message) {

  /** As one line for people: {@code config/watchtower.yaml:42: rules[2].above: expected …}. */
  public String text(String file) {
    return file + ":" + line + ": " + (path.isEmpty() ? "" : path + ": ") + message;
  }
}
