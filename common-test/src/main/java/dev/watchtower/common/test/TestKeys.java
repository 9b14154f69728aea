package dev.watchtower.common.test;

import dev.watchtower.common.security.Claims;
import dev.watchtower.common.security.KeyFiles;
import dev.watchtower.common.security.Scope;
import dev.watchtower.common.security.TokenIssuer;
import dev.watchtower.common.time.SystemEdge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.test.context.DynamicPropertyRegistry;

/** A data directory with the keys of every issuer, and tokens signed by them. */
public final class TestKeys {
  private static final List<String> ISSUERS =
      List.of("ingest", "incident", "analysis", "monitor", "chaos", "launcher");

  private final Path dataDir;
  private final KeyFiles keys;

  /** Makes the keys below a new temporary folder. */
  public TestKeys() {
    try {
      dataDir = Files.createTempDirectory("watchtower-test");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    keys = new KeyFiles(dataDir.resolve("keys"));
    ISSUERS.forEach(keys::privateKey);
  }

  /** The data directory that holds the keys. */
  public Path dataDir() {
    return dataDir;
  }

  /** Gives the data directory to a Spring context. */
  public void register(DynamicPropertyRegistry registry) {
    registry.add("watchtower.data-dir", dataDir::toString);
  }

  /** A token of {@code issuer} for {@code subject} that any service accepts for an hour. */
  @SystemEdge("tokens are verified by services that run on the real clock")
  public String token(String issuer, String subject, Scope... scopes) {
    return token(issuer, subject, "*", Instant.now(), scopes);
  }

  /** A token made at {@code now} for one audience, valid for an hour. */
  public String token(
      String issuer, String subject, String audience, Instant now, Scope... scopes) {
    return new TokenIssuer(issuer, keys.privateKey(issuer))
        .sign(
            new Claims(
                issuer,
                UUID.randomUUID().toString(),
                subject,
                Set.of(scopes),
                audience,
                now,
                now.plus(Duration.ofHours(1))));
  }

  /** A token of the person {@code name} with the scopes. */
  public String person(String name, Scope... scopes) {
    return token("monitor", "user:" + name, scopes);
  }

  /** A token of the machine {@code name} with the scopes. */
  public String machine(String name, Scope... scopes) {
    return token("monitor", "machine:" + name, scopes);
  }

  /** A token of the service {@code name} with the scopes. */
  public String service(String name, Scope... scopes) {
    return token(name, "service:" + name, scopes);
  }
}
