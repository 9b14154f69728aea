package dev.watchtower.ingest.doors;

/** A request that cannot be read. Nothing of it is stored, and sending it again will not help. */
public final class BadBodyException extends RuntimeException {
  /** What is wrong with it. */
  public enum Kind {
    /** Not what its type says: 400. */
    MALFORMED,
    /** Over the limit, counted after decompression: 413. */
    TOO_LARGE,
    /** A type or encoding that this door does not take: 415. */
    UNSUPPORTED
  }

  private final Kind kind;

  private BadBodyException(Kind kind, String message) {
    // An answer, not an accident: no stack trace.
    super(message, null, false, false);
    this.kind = kind;
  }

  /** 400, with what is wrong where. */
  public static BadBodyException malformed(String message) {
    return new BadBodyException(Kind.MALFORMED, message);
  }

  /** 413. */
  public static BadBodyException tooLarge(long limit) {
    return new BadBodyException(
        Kind.TOO_LARGE, "the body is larger than " + limit + " bytes, decompressed");
  }

  /** 413, of a body that is small and becomes large in memory. */
  public static BadBodyException tooMuchInIt() {
    return new BadBodyException(
        Kind.TOO_LARGE,
        "the body holds more samples, each with its labels, than there is memory for at once: send it"
            + " in several parts");
  }

  /** 415, with what would be taken. */
  public static BadBodyException unsupported(String message) {
    return new BadBodyException(Kind.UNSUPPORTED, message);
  }

  /** What is wrong. */
  public Kind kind() {
    return kind;
  }
}
