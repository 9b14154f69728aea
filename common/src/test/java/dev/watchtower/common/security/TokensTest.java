package dev.watchtower.common.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
  private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");

  @TempDir Path folder;
  private KeyFiles keys;
  private final Set<String> revoked = new HashSet<>();
  private TokenVerifier verifier;

  @BeforeEach
  void setUp() {
    keys = new KeyFiles(folder);
    verifier = new TokenVerifier(keys, "incident", revoked::contains);
  }

  @Test
  void acceptsWhatTheIssuerMayGrant() throws Exception {
    var token = token("monitor", "machine:ci", "*", null, Scope.READ, Scope.INGEST_WRITE);

    var claims = verifier.verify(token, NOW);

    assertThat(claims.subject()).isEqualTo("machine:ci");
    assertThat(claims.allows(Scope.INGEST_WRITE)).isTrue();
    assertThat(claims.allows(Scope.RESPOND)).isFalse();
  }

  @Test
  void theAdministratorMayWhatPeopleMayButNotWhatServicesMay() throws Exception {
    var claims = verifier.verify(token("monitor", "user:ann", "*", null, Scope.ADMIN), NOW);

    assertThat(claims.allows(Scope.CHAOS)).isTrue();
    assertThat(claims.allows(Scope.FAULT)).isFalse();
  }

  @Test
  void refusesAServiceThatClaimsMoreThanItMay() {
    refuses(
        token("ingest", "service:ingest", "incident", NOW.plusSeconds(60), Scope.ADMIN),
        "more than its issuer may grant");
  }

  @Test
  void refusesAServiceThatSpeaksForAPerson() {
    refuses(
        token("ingest", "user:ann", "incident", NOW.plusSeconds(60), Scope.READ),
        "more than its issuer may grant");
  }

  @Test
  void refusesAnotherServicesToken() {
    refuses(
        token("ingest", "service:ingest", "analysis", NOW.plusSeconds(60), Scope.READ),
        "for another service");
  }

  @Test
  void asksAgainWhetherATokenItHasSeenIsStillGood() throws Exception {
    var token = token("ingest", "service:ingest", "incident", NOW, Scope.READ);
    var claims = verifier.verify(token, NOW);
    revoked.add(claims.id());

    refuses(token, "revoked");
    refuses(token.substring(0, token.length() - 4) + "AAAA", "signature");
  }

  @Test
  void refusesAnExpiredTokenAfterTheLeeway() throws Exception {
    var token = token("ingest", "service:ingest", "incident", NOW, Scope.READ);

    assertThat(verifier.verify(token, NOW.plusSeconds(29)).issuer()).isEqualTo("ingest");
    assertThatThrownBy(() -> verifier.verify(token, NOW.plusSeconds(31)))
        .hasMessageContaining("expired");
  }

  @Test
  void refusesARevokedToken() throws Exception {
    var token = token("monitor", "machine:ci", "*", null, Scope.READ);
    revoked.add(verifier.verify(token, NOW).id());

    refuses(token, "revoked");
  }

  @Test
  void refusesEveryChangedCharacter() {
    var token = token("monitor", "machine:ci", "*", null, Scope.READ);
    for (int i = 3; i < token.length() - 2; i++) {
      char other = token.charAt(i) == 'A' ? 'B' : 'A';
      var changed = token.substring(0, i) + other + token.substring(i + 1);

      assertThatThrownBy(() -> verifier.verify(changed, NOW))
          .as("character %s", i)
          .isInstanceOf(InvalidTokenException.class);
    }
  }

  @Test
  void refusesWhatIsNoToken() {
    var beyondTime =
        "{\"iss\":\"monitor\",\"jti\":\"x\",\"sub\":\"user:x\",\"scp\":[],\"aud\":\"*\",\"iat\":"
            + Long.MAX_VALUE
            + "}";
    var distant =
        "wt_"
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(beyondTime.getBytes(StandardCharsets.UTF_8))
            + ".AA";
    for (var junk :
        new String[] {"", "wt_", "wt_.", "wt_e30.e30", "Bearer x", "wt_%%%.x", distant}) {
      assertThatThrownBy(() -> verifier.verify(junk, NOW))
          .isInstanceOf(InvalidTokenException.class)
          .hasMessageNotContaining("wt_%");
    }
  }

  @Test
  void acceptsAnIssuersNewKey() throws Exception {
    verifier.verify(token("monitor", "machine:a", "*", null, Scope.READ), NOW);
    Files.delete(folder.resolve("monitor.key"));
    Files.delete(folder.resolve("monitor.pub"));

    var claims = verifier.verify(token("monitor", "machine:b", "*", null, Scope.READ), NOW);

    assertThat(claims.subject()).isEqualTo("machine:b");
  }

  @Test
  void makesTheMissingHalfOfAKeyAgain() throws Exception {
    var before = token("monitor", "machine:a", "*", null, Scope.READ);
    Files.delete(folder.resolve("monitor.pub"));

    var after = token("monitor", "machine:b", "*", null, Scope.READ);

    assertThat(verifier.verify(after, NOW).subject()).isEqualTo("machine:b");
    assertThat(verifier.verify(before, NOW).subject()).isEqualTo("machine:a");
  }

  @Test
  void keepsPrivateKeysToTheirOwner() throws Exception {
    keys.privateKey("chaos");

    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve("chaos.key"))))
        .isEqualTo("rw-------");
    try (var files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("chaos.key", "chaos.pub");
    }
  }

  @Test
  void renewsServiceTokensBeforeTheyEnd() throws Exception {
    var clock = new dev.watchtower.common.time.SteppedClock(NOW);
    var tokens =
        new ServiceTokens("ingest", new TokenIssuer("ingest", keys.privateKey("ingest")), clock);

    var first = tokens.tokenFor("incident");
    clock.advance(Duration.ofSeconds(59));
    assertThat(tokens.tokenFor("incident")).isEqualTo(first);
    clock.advance(Duration.ofSeconds(2));
    var second = tokens.tokenFor("incident");

    assertThat(second).isNotEqualTo(first);
    assertThat(verifier.verify(second, clock.instant()).allows(Scope.SIGNALS_WRITE)).isTrue();
  }

  private void refuses(String token, String reason) {
    assertThatThrownBy(() -> verifier.verify(token, NOW))
        .isInstanceOf(InvalidTokenException.class)
        .hasMessageContaining(reason);
  }

  private String token(
      String issuer, String subject, String audience, @Nullable Instant expires, Scope... scopes) {
    return new TokenIssuer(issuer, keys.privateKey(issuer))
        .sign(
            new Claims(
                issuer,
                "id-" + subject,
                subject,
                Set.of(scopes),
                audience,
                NOW.minusSeconds(60),
                expires));
  }
}
