package dev.watchtower.monitor.auth.web;

import dev.watchtower.common.problem.Problem;
import dev.watchtower.common.security.Claims;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.security.TokenIssuer;
import dev.watchtower.common.web.WebAttributes;
import dev.watchtower.monitor.auth.Accounts;
import dev.watchtower.monitor.auth.MachineToken;
import dev.watchtower.monitor.auth.Revocations;
import dev.watchtower.monitor.auth.TokenStore;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Machine tokens: made here, shown once, verified by each service alone, revoked for all. */
@RestController
class TokenController {
  private static final Logger LOG = LoggerFactory.getLogger(TokenController.class);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
  private static final int MAX_TOKENS = 10_000;

  /**
   * The most that were ever made. Machine tokens have no end of their own, so a revoked one has to
   * stay in the list that every service fetches, and that is bounded there.
   */
  private static final int MAX_EVER = 100_000;

  /** A token without the token. */
  @Schema(name = "Token")
  record View(
      String id,
      String name,
      List<String> scopes,
      Instant createdAt,
      String createdBy,
      @Nullable Instant revokedAt) {
    static View of(MachineToken token) {
      return new View(
          token.id(),
          token.name(),
          texts(token.scopes()),
          token.createdAt(),
          token.createdBy(),
          token.revokedAt());
    }
  }

  /** What to make. */
  @Schema(name = "NewToken")
  record New(@Nullable String name, @Nullable List<String> scopes) {}

  /** The new token; {@code token} is shown this once. */
  @Schema(name = "CreatedToken")
  record Created(
      String id,
      String name,
      List<String> scopes,
      Instant createdAt,
      String createdBy,
      String token) {}

  /**
   * What every service asks for.
   *
   * @param revoked ids of tokens, and as {@code user:NAME} the users who may not work on incidents
   */
  record Revoked(Set<String> revoked, Instant asOf) {}

  private final TokenStore store;
  private final Revocations revocations;
  private final Accounts accounts;
  private final TokenIssuer issuer;
  private final Clock clock;

  TokenController(
      TokenStore store,
      Revocations revocations,
      Accounts accounts,
      TokenIssuer issuer,
      Clock clock) {
    this.store = store;
    this.revocations = revocations;
    this.accounts = accounts;
    this.issuer = issuer;
    this.clock = clock;
  }

  @GetMapping("/api/v1/tokens")
  List<View> list() {
    return store.all().stream().map(View::of).toList();
  }

  @PostMapping("/api/v1/tokens")
  @ResponseStatus(HttpStatus.CREATED)
  Created create(@RequestBody New body, HttpServletRequest request) {
    var name = body.name() == null ? "" : body.name().strip();
    if (!NAME.matcher(name).matches()) {
      throw Problem.badField("name", "expected 1 to 64 letters, digits, '.', '_' or '-'");
    }
    var scopes = scopes(body.scopes());
    checkRoom();
    var now = clock.instant();
    var id = UUID.randomUUID().toString();
    var token = issuer.sign(new Claims("monitor", id, "machine:" + name, scopes, "*", now, null));
    var by = String.valueOf(request.getAttribute(WebAttributes.SUBJECT));
    store.add(new MachineToken(id, name, scopes, sha256(token), now, by, null));
    LOG.atInfo()
        .addKeyValue("token", id)
        .addKeyValue("name", name)
        .addKeyValue("scopes", texts(scopes))
        .addKeyValue("by", by)
        .log("machine token made");
    return new Created(id, name, texts(scopes), now, by, token);
  }

  private void checkRoom() {
    var all = store.all();
    long valid = all.stream().filter(token -> token.revokedAt() == null).count();
    if (valid >= MAX_TOKENS || all.size() >= MAX_EVER) {
      throw Problem.of(
          409,
          "too-many-tokens",
          "Too many tokens",
          "At most %d can be valid, and %d be made in all.".formatted(MAX_TOKENS, MAX_EVER));
    }
  }

  @DeleteMapping("/api/v1/tokens/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void revoke(@PathVariable String id, HttpServletRequest request) {
    if (store.find(id).isEmpty()) {
      throw Problem.notFound("There is no token with this id.");
    }
    revocations.revoke(id, clock.instant());
    LOG.atInfo()
        .addKeyValue("token", id)
        .addKeyValue("by", String.valueOf(request.getAttribute(WebAttributes.SUBJECT)))
        .log("machine token revoked");
  }

  @GetMapping("/internal/v1/revocations")
  Revoked revoked() {
    var revoked = revocations.tokens();
    accounts.all().stream()
        .filter(a -> a.disabled() || !a.role().scopes().contains(Scope.RESPOND))
        .forEach(a -> revoked.add("user:" + a.name()));
    return new Revoked(revoked, clock.instant());
  }

  private static Set<Scope> scopes(@Nullable List<String> texts) {
    if (texts == null || texts.isEmpty()) {
      throw Problem.badField("scopes", "expected at least one of " + texts(MachineToken.GRANTABLE));
    }
    var scopes = EnumSet.noneOf(Scope.class);
    for (int i = 0; i < texts.size(); i++) {
      var text = texts.get(i);
      var scope = MachineToken.GRANTABLE.stream().filter(s -> s.text().equals(text)).findFirst();
      if (scope.isEmpty()) {
        throw Problem.badField(
            "scopes[" + i + "]", "expected one of " + texts(MachineToken.GRANTABLE));
      }
      scopes.add(scope.get());
    }
    return scopes;
  }

  private static List<String> texts(Set<Scope> scopes) {
    return scopes.stream().map(Scope::text).sorted().collect(Collectors.toList());
  }

  private static String sha256(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
