package dev.watchtower.monitor.auth.config;

import dev.watchtower.monitor.auth.Account;
import dev.watchtower.monitor.auth.Accounts;
import dev.watchtower.monitor.auth.PasswordPolicy;
import dev.watchtower.monitor.auth.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the user {@code admin} where there is no user yet. A generated password goes into a file
 * that only its owner can read; the launcher prints it, and it must be changed at the first login.
 */
public final class FirstAdministrator {
  private static final Logger LOG = LoggerFactory.getLogger(FirstAdministrator.class);
  private static final String NAME = "admin";

  private final Accounts accounts;
  private final Passwords passwords;
  private final PasswordPolicy policy;
  private final Path file;

  FirstAdministrator(Accounts accounts, Passwords passwords, PasswordPolicy policy, Path dataDir) {
    this.accounts = accounts;
    this.passwords = passwords;
    this.policy = policy;
    this.file = dataDir.resolve("monitor").resolve("first-password");
  }

  /**
   * Makes the user if there is none.
   *
   * @param given the password that the operator chose; empty for none
   */
  void ensure(String given, Instant now) {
    if (!accounts.isEmpty()) {
      return;
    }
    var password = given.isEmpty() ? passwords.generate() : given;
    var weak = policy.refusal(password, NAME);
    weak.ifPresent(reason ->
        LOG.atWarn()
            .addKeyValue("reason", reason)
            .log("WATCHTOWER_ADMIN_PASSWORD is weak: it must be changed at the first login"));
    if (given.isEmpty()) {
      write(password);
    }
    accounts.add(
        new Account(
            NAME,
            passwords.hash(password),
            Role.ADMIN,
            false,
            given.isEmpty() || weak.isPresent(),
            now,
            null));
    LOG.atInfo().addKeyValue("user", NAME).log("first administrator made");
  }

  /** The generated password was changed: the file says nothing any more. */
  public void passwordChanged(String name) {
    if (name.equals(NAME)) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LOG.atWarn().setCause(e).log("the file with the first password cannot be deleted");
      }
    }
  }

  private void write(String password) {
    try {
      Files.createDirectories(file.getParent());
      Files.deleteIfExists(file);
      if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.writeString(file, password + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the first password to " + file, e);
    }
  }
}
