package dev.watchtower.common.security;

/** A bearer token is not to be trusted; the message says why and never contains the token. */
public final class InvalidTokenException extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidTokenException(String message) {
    super(message);
  }
}
