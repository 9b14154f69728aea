package dev.watchtower.monitor.auth.config;

import dev.watchtower.common.problem.Problem;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

/**
 * Hashes passwords with Argon2id (19 MiB, two passes). At most two at a time, because each takes
 * that much memory; who waits longer than 5 s gets a 503.
 */
public final class Passwords {
  private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
  private static final int GROUPS = 4;
  private static final int GROUP = 5;

  private final SecureRandom random = new SecureRandom();
  private final Semaphore places = new Semaphore(2, true);
  private final Argon2PasswordEncoder encoder = new Argon2PasswordEncoder(16, 32, 1, 19 * 1024, 2);

  /** The hash to keep. */
  public String hash(String password) {
    enter();
    try {
      var hash = encoder.encode(password);
      if (hash == null) {
        throw new IllegalStateException("no hash");
      }
      return hash;
    } finally {
      places.release();
    }
  }

  /** Whether the password belongs to the hash. */
  public boolean matches(String password, String hash) {
    enter();
    try {
      return encoder.matches(password, hash);
    } finally {
      places.release();
    }
  }

  private void enter() {
    try {
      if (places.tryAcquire(5, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw Problem.unavailable("Too many logins at once; try again.", Duration.ofSeconds(5));
  }

  /** A password nobody can guess, of about 98 bits, easy to type. */
  public String generate() {
    var text = new StringBuilder();
    for (int i = 0; i < GROUPS * GROUP; i++) {
      if (i > 0 && i % GROUP == 0) {
        text.append('-');
      }
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }
}
