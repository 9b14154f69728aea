package dev.watchtower.monitor.auth;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Which passwords are taken: long ones that nobody guesses first. No rules about kinds of
 * characters.
 */
public final class PasswordPolicy {
  /** The shortest. */
  public static final int MIN = 12;

  /** The longest; hashing more than this helps only who wants to keep us busy. */
  public static final int MAX = 128;

  private static final int LEAST_DIFFERENT = 5;

  private final Set<String> common;

  /**
   * Refuses what contains nothing but one of {@code common} and digits or punctuation around it.
   */
  public PasswordPolicy(Set<String> common) {
    this.common = Set.copyOf(common);
  }

  /** Why the password is not taken, for the one who chose it; empty if it is. */
  public Optional<String> refusal(String password, String userName) {
    if (password.length() < MIN) {
      return Optional.of("Use at least " + MIN + " characters; a few words are fine.");
    }
    if (password.length() > MAX) {
      return Optional.of("Use at most " + MAX + " characters.");
    }
    var lower = password.toLowerCase(Locale.ROOT);
    if (lower.chars().distinct().count() < LEAST_DIFFERENT) {
      return Optional.of("Use more than a few different characters.");
    }
    var bare = lower.replaceAll("[^a-z]", "");
    if (common.contains(lower) || common.contains(bare)) {
      return Optional.of("This is one of the passwords that are tried first. Choose another.");
    }
    if (bare.equals(userName.replaceAll("[^a-z]", "")) || bare.equals("watchtower")) {
      return Optional.of("The password must not be a name that anybody can see here.");
    }
    return Optional.empty();
  }
}
