package dev.watchtower.launcher.files;

import dev.watchtower.common.security.WholeFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** Small secrets, each in a file that only its owner may read. */
public final class SecretFiles {
  private final Path folder;
  private final SecureRandom random = new SecureRandom();

  /** Secrets in {@code folder}, which is made when the first one is written. */
  public SecretFiles(Path folder) {
    this.folder = folder;
  }

  /** The secret of that name, if there is one. */
  public Optional<String> read(String name) {
    var file = folder.resolve(name);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /** The secret of that name; 192 random bits are made up and kept when there is none. */
  public String readOrMake(String name) {
    var kept = read(name);
    if (kept.isPresent()) {
      return kept.get();
    }
    byte[] bytes = new byte[24];
    random.nextBytes(bytes);
    var made = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    write(name, made);
    return made;
  }

  /**
   * Keeps {@code secret} under that name, in place of an earlier one.
   *
   * @throws UncheckedIOException if it cannot be written; an earlier one is then still there
   */
  public void write(String name, String secret) {
    var file = folder.resolve(name);
    try {
      Files.createDirectories(folder);
      WholeFiles.replace(file, secret + "\n", true);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
