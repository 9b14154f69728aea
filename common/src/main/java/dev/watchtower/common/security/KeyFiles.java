package dev.watchtower.common.security;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;

/**
 * The Ed25519 keys of the issuers, as PEM files in one folder: {@code NAME.key} (PKCS#8, readable
 * by its owner only, with the public half behind it) and {@code NAME.pub} (X.509).
 */
public final class KeyFiles {
  private static final String ALGORITHM = "Ed25519";
  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";

  private final Path folder;

  /** Keys in {@code folder}, which is created when the first key is made. */
  public KeyFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * The private key of {@code issuer}; both files are made when there are none.
   *
   * @throws UncheckedIOException if the folder cannot be read or written
   */
  public PrivateKey privateKey(String issuer) {
    var file = folder.resolve(issuer + ".key");
    try {
      if (!Files.exists(file)) {
        create(issuer, file);
      }
      var pem = Files.readString(file);
      if (!Files.exists(publicFile(issuer))) {
        // Killed between the two files: without the other half nobody would trust this one.
        writePublic(issuer, decode(pem, PUBLIC));
      }
      return KeyFactory.getInstance(ALGORITHM)
          .generatePrivate(new PKCS8EncodedKeySpec(decode(pem, PRIVATE)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read or make the key " + file, e);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalStateException("not an Ed25519 key in PEM form: " + file, e);
    }
  }

  /** The public key of {@code issuer}, if its file is there and well formed. */
  public Optional<PublicKey> publicKey(String issuer) {
    var file = publicFile(issuer);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      return Optional.of(
          KeyFactory.getInstance(ALGORITHM)
              .generatePublic(new X509EncodedKeySpec(decode(Files.readString(file), PUBLIC))));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      // A key that cannot be read is a key that verifies nothing: the token is refused, which is
      // the safe side.
      return Optional.empty();
    }
  }

  private void create(String issuer, Path file) throws IOException, GeneralSecurityException {
    Files.createDirectories(folder);
    var pair = KeyPairGenerator.getInstance(ALGORITHM).generateKeyPair();
    var part =
        WholeFiles.part(
            file,
            encode(PRIVATE, pair.getPrivate().getEncoded())
                + encode(PUBLIC, pair.getPublic().getEncoded()),
            true);
    try {
      // A link fails where the file exists, so two processes that start at once agree on one key.
      Files.createLink(file, part);
    } catch (FileAlreadyExistsException e) {
      Files.delete(part);
      return;
    } catch (UnsupportedOperationException e) {
      Files.move(part, file);
    }
    Files.deleteIfExists(part);
    WholeFiles.settle(file);
    writePublic(issuer, pair.getPublic().getEncoded());
  }

  private Path publicFile(String issuer) {
    return folder.resolve(issuer + ".pub");
  }

  private void writePublic(String issuer, byte[] der) throws IOException {
    WholeFiles.replace(publicFile(issuer), encode(PUBLIC, der), false);
  }

  private static String encode(String title, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            title,
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der),
            title);
  }

  private static byte[] decode(String pem, String title) {
    var begin = "-----BEGIN " + title + "-----";
    int from = pem.indexOf(begin);
    int to = pem.indexOf("-----END " + title + "-----");
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no " + title + " inside");
    }
    return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
  }
}
