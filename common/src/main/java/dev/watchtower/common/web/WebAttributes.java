package dev.watchtower.common.web;

/** Names of request attributes by which filters tell each other things. */
public final class WebAttributes {
  /**
   * Who makes the request, for the request log: {@code user:ann}, {@code machine:ci}, {@code
   * service:ingest}.
   */
  public static final String SUBJECT = "dev.watchtower.subject";

  private WebAttributes() {}
}
