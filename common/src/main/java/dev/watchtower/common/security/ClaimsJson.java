package dev.watchtower.common.security;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Claims as JSON; short names, because tokens are pasted by people. */
final class ClaimsJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ClaimsJson() {}

  static byte[] write(Claims claims) {
    var node = JSON.createObjectNode();
    node.put("iss", claims.issuer());
    node.put("jti", claims.id());
    node.put("sub", claims.subject());
    var scopes = node.putArray("scp");
    new TreeSet<>(claims.scopes()).forEach(s -> scopes.add(s.text()));
    node.put("aud", claims.audience());
    node.put("iat", claims.issuedAt().getEpochSecond());
    if (claims.expiresAt() != null) {
      node.put("exp", claims.expiresAt().getEpochSecond());
    }
    return JSON.writeValueAsBytes(node);
  }

  static Claims read(byte[] json) throws InvalidTokenException {
    try {
      var node = JSON.readTree(json);
      var scopes = EnumSet.noneOf(Scope.class);
      for (var scope : node.path("scp")) {
        scopes.add(Scope.of(scope.asString("")));
      }
      return new Claims(
          text(node, "iss"),
          text(node, "jti"),
          text(node, "sub"),
          scopes,
          text(node, "aud"),
          Instant.ofEpochSecond(node.path("iat").asLong(0)),
          node.hasNonNull("exp") ? Instant.ofEpochSecond(node.path("exp").asLong(0)) : null);
    } catch (JacksonException | IllegalArgumentException | DateTimeException e) {
      throw new InvalidTokenException("the token's claims cannot be read");
    }
  }

  private static String text(JsonNode node, String field) throws InvalidTokenException {
    var value = node.path(field);
    if (!value.isString()) {
      throw new InvalidTokenException("the token's claims cannot be read");
    }
    return value.asString();
  }
}
