package dev.watchtower.monitor.auth;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A user.
 *
 * @param name lower case, 1 to 64 characters
 * @param passwordHash Argon2, with its parameters
 * @param mustChange whether nothing but changing the password is open to the user
 */
public record Account(
    String name,
    String passwordHash,
    Role role,
    boolean disabled,
    boolean mustChange,
    Instant createdAt,
    @Nullable Instant lastLoginAt) {
  /** What names look like. */
  public static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");

  public Account {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("not a user name: " + name);
    }
  }

  /** The same with another password. */
  public Account withPassword(String hash, boolean mustChangeIt) {
    return new Account(name, hash, role, disabled, mustChangeIt, createdAt, lastLoginAt);
  }

  /** The same with another role. */
  public Account withRole(Role newRole) {
    return new Account(name, passwordHash, newRole, disabled, mustChange, createdAt, lastLoginAt);
  }

  /** The same, allowed in or not. */
  public Account withDisabled(boolean isDisabled) {
    return new Account(name, passwordHash, role, isDisabled, mustChange, createdAt, lastLoginAt);
  }

  /** The same after a login. */
  public Account withLogin(Instant at) {
    return new Account(name, passwordHash, role, disabled, mustChange, createdAt, at);
  }

  /** Without the hash. */
  @Override
  public String toString() {
    return "Account[" + name + ", " + role + (disabled ? ", disabled]" : "]");
  }
}
