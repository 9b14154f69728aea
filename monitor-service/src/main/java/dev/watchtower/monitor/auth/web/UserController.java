package dev.watchtower.monitor.auth.web;

import dev.watchtower.common.problem.Fields;
import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.web.WebAttributes;
import dev.watchtower.monitor.auth.Account;
import dev.watchtower.monitor.auth.Accounts;
import dev.watchtower.monitor.auth.PasswordPolicy;
import dev.watchtower.monitor.auth.Role;
import dev.watchtower.monitor.auth.config.AccountSessions;
import dev.watchtower.monitor.auth.config.FirstAdministrator;
import dev.watchtower.monitor.auth.config.Passwords;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Users, for administrators, and everybody's own password. */
@RestController
class UserController {
  private static final Logger LOG = LoggerFactory.getLogger(UserController.class);

  /** A user as others see it. */
  @Schema(name = "User")
  record View(
      String name,
      List<String> roles,
      boolean disabled,
      boolean mustChangePassword,
      Instant createdAt,
      @Nullable Instant lastLoginAt) {
    static View of(Account account) {
      return new View(
          account.name(),
          List.of(account.role().name()),
          account.disabled(),
          account.mustChange(),
          account.createdAt(),
          account.lastLoginAt());
    }
  }

  /** All users. */
  @Schema(name = "Users")
  record Views(List<View> items) {}

  /** A new user; without a password one is made and shown once. */
  @Schema(name = "NewUser")
  record New(
      @Nullable String name, @Nullable String password, @Nullable List<@Nullable Role> roles) {}

  /** The new user, with the password where it was made here. */
  @Schema(name = "CreatedUser")
  record Created(View user, @Nullable String password) {}

  /** What is to change; what is absent stays. */
  record Edit(
      @Nullable List<@Nullable Role> roles,
      @Nullable Boolean disabled,
      @Nullable String password) {}

  /** A new password; it is shown this once. */
  record NewPassword(String password) {}

  /** A change of the own password. */
  record OwnPassword(@Nullable String current, @Nullable String password) {}

  private final Accounts accounts;
  private final Passwords passwords;
  private final PasswordPolicy policy;
  private final AccountSessions sessions;
  private final PasswordChange change;
  private final FirstAdministrator first;
  private final Clock clock;

  UserController(
      Accounts accounts,
      Passwords passwords,
      PasswordPolicy policy,
      AccountSessions sessions,
      PasswordChange change,
      FirstAdministrator first,
      Clock clock) {
    this.accounts = accounts;
    this.passwords = passwords;
    this.policy = policy;
    this.sessions = sessions;
    this.change = change;
    this.first = first;
    this.clock = clock;
  }

  @GetMapping({"/api/v1/users", "/bff/users"})
  Views list() {
    return new Views(accounts.all().stream().map(View::of).toList());
  }

  @PostMapping({"/api/v1/users", "/bff/users"})
  @ResponseStatus(HttpStatus.CREATED)
  Created create(@RequestBody New body, HttpServletRequest request) {
    var name = body.name() == null ? "" : body.name().strip().toLowerCase(Locale.ROOT);
    if (!Account.NAME.matcher(name).matches()) {
      throw Problem.badField(
          "name",
          "expected 1 to 64 letters, digits, '.', '_', '@' or '-', beginning with a letter or digit");
    }
    var role = roleOf(body.roles());
    if (role == null) {
      throw Problem.badField("roles", "expected one of " + List.of(Role.values()));
    }
    var given = body.password() == null || body.password().isEmpty() ? null : body.password();
    if (given != null) {
      check(given, name);
    }
    var password = given == null ? passwords.generate() : given;
    // Whoever makes the user knows the password, so it is not the user's own yet.
    var account =
        new Account(name, passwords.hash(password), role, false, true, clock.instant(), null);
    switch (accounts.add(account)) {
      case MADE -> audit(request, "user made", account);
      case NAME_TAKEN ->
          throw Problem.of(
              409,
              "user-exists",
              "The user cannot be added",
              "There is a user of the name '" + name + "' already.");
      case FULL ->
          throw Problem.of(
              409,
              "too-many",
              "The user cannot be added",
              "There are " + Accounts.MAX + " users already, as many as are kept.");
    }
    return new Created(View.of(account), given == null ? password : null);
  }

  @RequestMapping(
      path = {"/api/v1/users/{name}", "/bff/users/{name}"},
      method = {RequestMethod.PUT, RequestMethod.PATCH})
  View edit(@PathVariable String name, @RequestBody Edit body, HttpServletRequest request) {
    var role = roleOf(body.roles());
    var password = body.password() == null || body.password().isEmpty() ? null : body.password();
    if (password != null) {
      check(password, name);
    }
    var hash = password == null ? null : passwords.hash(password);
    var made =
        accounts.change(
            name,
            before -> {
              var after = role == null ? before : before.withRole(role);
              after = body.disabled() == null ? after : after.withDisabled(body.disabled());
              return hash == null ? after : after.withPassword(hash, true);
            });
    var account = ended(made, "user changed, its sessions ended", request);
    if (hash != null) {
      first.passwordChanged(account.name());
    }
    return View.of(account);
  }

  /**
   * Makes a new password for somebody who has forgotten theirs; it must be changed at the next
   * login. Also for the launcher, so that the only administrator gets back in.
   */
  @PostMapping({"/api/v1/users/{name}/password", "/bff/users/{name}/password"})
  NewPassword newPassword(@PathVariable String name, HttpServletRequest request) {
    var password = passwords.generate();
    var hash = passwords.hash(password);
    var made = accounts.change(name, before -> before.withPassword(hash, true));
    first.passwordChanged(
        ended(made, "user given a new password, its sessions ended", request).name());
    return new NewPassword(password);
  }

  private Account ended(Accounts.Change made, String what, HttpServletRequest request) {
    return switch (made) {
      case Accounts.Change.Made(Account account) -> {
        // A session carries the role it began with, so it ends with every change.
        sessions.endAll(account.name());
        audit(request, what, account);
        yield account;
      }
      case Accounts.Change.Unknown() -> throw Problem.notFound("There is no user of that name.");
      case Accounts.Change.LastAdmin() ->
          throw Problem.of(
              409,
              "last-admin",
              "Nobody could administer any more",
              "This is the last enabled ADMIN: make another one first.");
    };
  }

  @PutMapping({"/api/v1/me/password", "/bff/me/password"})
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void ownPassword(@RequestBody OwnPassword body, HttpServletRequest request) {
    var current = Fields.notNull("current", body.current());
    var password = Fields.notNull("password", body.password());
    change
        .change(request, current, password)
        .ifPresent(refusal -> {
          throw Problem.badField(refusal.field(), refusal.reason());
        });
  }

  private void check(String password, String name) {
    policy
        .refusal(password, name)
        .ifPresent(refusal -> {
          throw Problem.badField("password", refusal);
        });
  }

  /** The widest of the roles, because each includes the ones before it; null when none is given. */
  private static @Nullable Role roleOf(@Nullable List<@Nullable Role> roles) {
    return roles == null
        ? null
        : Fields.noNulls("roles", roles).stream()
            .max(Comparator.naturalOrder())
            .orElseThrow(
                () -> Problem.badField("roles", "expected one of " + List.of(Role.values())));
  }

  private static void audit(HttpServletRequest request, String what, Account account) {
    LOG.atInfo()
        .addKeyValue("by", String.valueOf(request.getAttribute(WebAttributes.SUBJECT)))
        .addKeyValue("user", account.name())
        .addKeyValue("role", account.role())
        .addKeyValue("disabled", account.disabled())
        .log(what);
  }
}
