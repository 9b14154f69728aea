package dev.watchtower.common.problem;

import static java.nio.charset.StandardCharsets.UTF_16;

import java.util.function.IntPredicate;

/**
 * Checks the characters of texts that others send, everywhere in the same words. Pure; thread-safe.
 */
public final class Texts {
  private static final char UNKNOWN = '\uFFFD';

  private Texts() {}

  /**
   * The text, if the database keeps every character of it: not the character zero, and no half of a
   * surrogate pair, which would be stored as a question mark and never be found again.
   *
   * @throws Problem 400 that names {@code path} if not
   */
  public static String storable(String path, String text) {
    if (text.indexOf('\0') >= 0) {
      throw Problem.badField(path, "must not contain the character zero");
    }
    if (!UTF_16.newEncoder().canEncode(text)) {
      throw Problem.badField(path, "must not contain half of a surrogate pair");
    }
    return text;
  }

  /**
   * The name, if it shows as what it is: without control characters, ends of lines, and characters
   * that turn the direction of writing, with which one name looks like another.
   *
   * @throws Problem 400 that names {@code path} if not
   */
  public static String plain(String path, String name) {
    for (int i = 0; i < name.length(); i++) {
      if (isDeceiving(name.charAt(i))) {
        throw Problem.badField(
            path, "must not contain control characters or ones that turn the direction of writing");
      }
    }
    return name;
  }

  /**
   * A name that {@link #storable} and {@link #plain} take, for what must not be refused: the
   * replacement character stands for each character that they would not.
   */
  public static String madePlain(String name) {
    return made(name, c -> isDeceiving((char) c) || Character.isSurrogate((char) c));
  }

  /** A text that {@link #storable} takes, made as {@link #madePlain} makes a name. */
  public static String madeStorable(String text) {
    return made(text, c -> c == '\0' || Character.isSurrogate((char) c));
  }

  private static String made(String text, IntPredicate refused) {
    var made = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c <= Character.MAX_VALUE && refused.test(c) ? UNKNOWN : c)
        .forEach(made::appendCodePoint);
    return made.toString();
  }

  private static boolean isDeceiving(char c) {
    return Character.isISOControl(c)
        // LINE and PARAGRAPH SEPARATOR; embeddings and overrides; the marks; the isolates.
        || (c >= '\u2028' && c <= '\u202E')
        || c == '\u200E'
        || c == '\u200F'
        || c == '\u061C'
        || (c >= '\u2066' && c <= '\u2069');
  }
}
