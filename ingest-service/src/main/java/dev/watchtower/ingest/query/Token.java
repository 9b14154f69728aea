package dev.watchtower.ingest.query;

/**
 * A word of the query language.
 *
 * @param kind what it is
 * @param text as written; for strings the value without quotes and escapes
 * @param at its offset in the query
 */
record Token(Kind kind, String text, int at) {
  enum Kind {
    IDENTIFIER,
    NUMBER,
    DURATION,
    STRING,
    /** Operators and brackets; {@link Token#text} says which. */
    SYMBOL,
    END
  }

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /** Whether it is that keyword; keywords are not case-sensitive. */
  boolean isWord(String keyword) {
    return kind == Kind.IDENTIFIER && text.equalsIgnoreCase(keyword);
  }

  /** The token as it is named in messages. */
  String described() {
    return switch (kind) {
      case END -> "end of input";
      case STRING -> "string \"" + text + "\"";
      case IDENTIFIER -> "identifier \"" + text + "\"";
      case NUMBER, DURATION -> kind.name().toLowerCase(java.util.Locale.ROOT) + " " + text;
      case SYMBOL -> "\"" + text + "\"";
    };
  }
}
