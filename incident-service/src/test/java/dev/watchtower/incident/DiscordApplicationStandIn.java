package dev.watchtower.incident;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.HexFormat;

/** Discord's side of an application: signs interactions with a key of its own. */
public final class DiscordApplicationStandIn {
  private static final int KEY_BYTES = 32;

  private final KeyPair keys;

  /** An application with a fresh key. */
  public DiscordApplicationStandIn() {
    try {
      keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The key as Discord's developer page shows it. */
  public String publicKey() {
    var encoded = keys.getPublic().getEncoded();
    return HexFormat.of().formatHex(encoded, encoded.length - KEY_BYTES, encoded.length);
  }

  /** The signature over a timestamp and a body. */
  public String sign(Instant at, String body) {
    try {
      var signer = Signature.getInstance("Ed25519");
      signer.initSign(keys.getPrivate());
      signer.update((at.getEpochSecond() + body).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
