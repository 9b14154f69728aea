package dev.watchtower.incident.export;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A document and the signature over its very bytes, so that nobody has to write JSON the same way
 * again to check it.
 *
 * @param format {@value #FORMAT}
 * @param payload the document, base64
 * @param algorithm {@value #ALGORITHM}
 * @param issuer whose key signed: its public half is {@code keys/ISSUER.pub} of the data directory
 * @param key SHA-256 of that public key (X.509, DER) in lower-case hex
 * @param signature over the payload's bytes, base64
 */
public record Seal(
    String format, String payload, String algorithm, String issuer, String key, String signature) {
  /** What the document is. */
  public static final String FORMAT = "watchtower-incident-export/1";

  /** How it is signed. */
  public static final String ALGORITHM = "Ed25519";

  /** Signs {@code document} in the name of {@code issuer}. */
  public static Seal of(byte[] document, String issuer, PrivateKey key, PublicKey publicKey) {
    try {
      var signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(document);
      return new Seal(
          FORMAT,
          Base64.getEncoder().encodeToString(document),
          ALGORITHM,
          issuer,
          fingerprint(publicKey),
          Base64.getEncoder().encodeToString(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot sign with " + ALGORITHM, e);
    }
  }

  /** Whether the document is the one that the owner of the key has signed. */
  public boolean isGenuine(PublicKey publicKey) {
    try {
      var check = Signature.getInstance(ALGORITHM);
      check.initVerify(publicKey);
      check.update(document());
      return format.equals(FORMAT)
          && algorithm.equals(ALGORITHM)
          && check.verify(Base64.getDecoder().decode(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // What cannot even be read as a signature is none.
      return false;
    }
  }

  /** The document's bytes. */
  public byte[] document() {
    return Base64.getDecoder().decode(payload);
  }

  private static String fingerprint(PublicKey key) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key.getEncoded()));
  }
}
