package dev.watchtower.common.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Base64;

/**
 * Makes bearer tokens: {@code wt_} + base64url(claims as JSON) + {@code .} + base64url(Ed25519
 * signature over all before the dot). Safe for use by several threads.
 */
public final class TokenIssuer {
  /** What every token begins with, so that it is found when it leaks. */
  public static final String PREFIX = "wt_";

  private final String issuer;
  private final PrivateKey key;

  /** Signs in the name of {@code issuer} with its private key. */
  public TokenIssuer(String issuer, PrivateKey key) {
    this.issuer = issuer;
    this.key = key;
  }

  /**
   * The token that says {@code claims}.
   *
   * @throws IllegalArgumentException if the claims name another issuer
   */
  public String sign(Claims claims) {
    if (!claims.issuer().equals(issuer)) {
      throw new IllegalArgumentException(
          "issuer is '" + claims.issuer() + "', this key belongs to '" + issuer + "'");
    }
    var encoder = Base64.getUrlEncoder().withoutPadding();
    var body = PREFIX + encoder.encodeToString(ClaimsJson.write(claims));
    try {
      var signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(body.getBytes(StandardCharsets.US_ASCII));
      return body + "." + encoder.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot sign with Ed25519", e);
    }
  }
}
