package dev.watchtower.common.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Verifies bearer tokens without asking anybody: by the issuers' public keys, the expiry, the
 * audience, the most that the issuer may grant, and the last known list of revoked tokens. Safe for
 * use by several threads.
 */
public final class TokenVerifier {
  /** How far the clocks of two machines may differ. */
  private static final Duration LEEWAY = Duration.ofSeconds(30);

  private static final int MAX_LENGTH = 4096;

  /** Tokens whose signature is remembered as good; with more, all are forgotten. */
  private static final int MAX_CHECKED = 1024;

  /** A token whose signature was good for a key. */
  private record Checked(Claims claims, PublicKey key) {}

  private final KeyFiles keys;
  private final String audience;
  private final Predicate<String> revoked;
  private final Map<String, PublicKey> known = new ConcurrentHashMap<>();

  /** Checking a signature takes longer than most requests; senders use one token for thousands. */
  private final Map<String, Checked> checked = new ConcurrentHashMap<>();

  /**
   * A verifier for one service.
   *
   * @param keys where the issuers' public keys are
   * @param audience the service's own name
   * @param revoked whether the token of an id was revoked
   */
  public TokenVerifier(KeyFiles keys, String audience, Predicate<String> revoked) {
    this.keys = keys;
    this.audience = audience;
    this.revoked = revoked;
  }

  /**
   * What the token says, if it can be trusted at {@code now}.
   *
   * @throws InvalidTokenException if it cannot; the message says why
   */
  public Claims verify(String token, Instant now) throws InvalidTokenException {
    if (!token.startsWith(TokenIssuer.PREFIX) || token.length() > MAX_LENGTH) {
      throw new InvalidTokenException("this is not a Watchtower token");
    }
    var claims = signed(token);
    if (claims.expiresAt() != null && now.isAfter(claims.expiresAt().plus(LEEWAY))) {
      throw new InvalidTokenException("the token has expired");
    }
    if (!claims.audience().equals("*") && !claims.audience().equals(audience)) {
      throw new InvalidTokenException("the token is for another service");
    }
    if (revoked.test(claims.id())) {
      throw new InvalidTokenException("the token was revoked");
    }
    return claims;
  }

  /** What the token says, signed by somebody who may say it. */
  private Claims signed(String token) throws InvalidTokenException {
    var before = checked.get(token);
    if (before != null && before.key().equals(known.get(before.claims().issuer()))) {
      return before.claims();
    }
    int dot = token.indexOf('.');
    if (dot < 0) {
      throw new InvalidTokenException("this is not a Watchtower token");
    }
    byte[] body;
    byte[] signature;
    try {
      body = Base64.getUrlDecoder().decode(token.substring(TokenIssuer.PREFIX.length(), dot));
      signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
    } catch (IllegalArgumentException e) {
      throw new InvalidTokenException("this is not a Watchtower token");
    }
    var claims = ClaimsJson.read(body);
    var key = checkSignature(claims, token.substring(0, dot), signature);
    if (!ServiceGrants.speaksFor(claims.issuer(), claims.subject())
        || !ServiceGrants.of(claims.issuer()).containsAll(claims.scopes())) {
      throw new InvalidTokenException("the token claims more than its issuer may grant");
    }
    if (checked.size() >= MAX_CHECKED) {
      checked.clear();
    }
    checked.put(token, new Checked(claims, key));
    return claims;
  }

  /** The key with which it was signed. */
  private PublicKey checkSignature(Claims claims, String signed, byte[] signature)
      throws InvalidTokenException {
    var key = known.get(claims.issuer());
    if (key != null && matches(key, signed, signature)) {
      return key;
    }
    // Unknown, or the issuer has a new key since: look once more. Only names that may issue are
    // looked up.
    if (!ServiceGrants.of(claims.issuer()).isEmpty()) {
      var fresh = keys.publicKey(claims.issuer());
      if (fresh.isPresent() && matches(fresh.get(), signed, signature)) {
        known.put(claims.issuer(), fresh.get());
        return fresh.get();
      }
    }
    throw new InvalidTokenException("the token's signature is not valid");
  }

  private static boolean matches(PublicKey key, String signed, byte[] signature) {
    try {
      var check = Signature.getInstance("Ed25519");
      check.initVerify(key);
      check.update(signed.getBytes(StandardCharsets.US_ASCII));
      return check.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
