package dev.watchtower.ingest.query;

/**
 * A query that has no answer. The message is for the person who wrote it; syntax faults begin with
 * {@code line:column}.
 */
public final class QueryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why, in the words of the Prometheus HTTP API. */
  public enum Kind {
    /** The request is wrong: syntax, types, limits of the request. */
    BAD_DATA("bad_data"),
    /** The query is well formed, but the data does not allow an answer, or it needs too much. */
    EXECUTION("execution"),
    /** It took too long. */
    TIMEOUT("timeout"),
    /** There is no memory for it now. */
    UNAVAILABLE("unavailable");

    private final String errorType;

    Kind(String errorType) {
      this.errorType = errorType;
    }

    /** The value of {@code errorType} in the answer. */
    public String errorType() {
      return errorType;
    }
  }

  private final Kind kind;
  private final boolean tooMuch;

  QueryException(Kind kind, String message) {
    this(kind, message, kind == Kind.TIMEOUT);
  }

  private QueryException(Kind kind, String message, boolean tooMuch) {
    super(message);
    this.kind = kind;
    this.tooMuch = tooMuch;
  }

  static QueryException execution(String message) {
    return new QueryException(Kind.EXECUTION, message);
  }

  /** It needs more samples, series or steps than it may have. */
  static QueryException tooMuch(String message) {
    return new QueryException(Kind.EXECUTION, message, true);
  }

  /** It takes too long. */
  public static QueryException timeout(String message) {
    return new QueryException(Kind.TIMEOUT, message);
  }

  /** It may be answered a moment later. */
  static QueryException unavailable(String message) {
    return new QueryException(Kind.UNAVAILABLE, message);
  }

  /** A refusal of the request itself. */
  public static QueryException badData(String message) {
    return new QueryException(Kind.BAD_DATA, message);
  }

  /** A syntax or type fault at an offset of the text. */
  static QueryException at(String text, int offset, String message) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < Math.min(offset, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return badData(line + ":" + column + ": parse error: " + message);
  }

  /** What kind of failure it is. */
  public Kind kind() {
    return kind;
  }

  /**
   * Whether it was given up because it takes too much time or memory: the same query will be again,
   * while another fault of the data may be over with the next samples.
   */
  public boolean isTooMuch() {
    return tooMuch;
  }
}
