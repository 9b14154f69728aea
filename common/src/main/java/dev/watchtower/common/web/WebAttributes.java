package dev.watchtower.common.web;

/** Names of request attributes by which filters tell each other things. */
public final class WebAttributes {
  /**
   * Who makes the request, for the request log: {@code user:ann}, {@code machine:ci}, {@code
   * service:ingest}.
   */
  public static final String SUBJECT = "dev.watchtower.subject";

  /** Set to anything where a part of a request was refused although it is answered with 2xx. */
  public static final String REFUSED_IN_PART = "dev.watchtower.refused-in-part";

  private WebAttributes() {}
}
