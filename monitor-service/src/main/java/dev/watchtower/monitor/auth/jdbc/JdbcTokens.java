package dev.watchtower.monitor.auth.jdbc;

import dev.watchtower.common.security.Scope;
import dev.watchtower.monitor.auth.MachineToken;
import dev.watchtower.monitor.auth.TokenStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Machine tokens in SQLite; of the token itself only its SHA-256. */
@Component
class JdbcTokens implements TokenStore {
  private final JdbcClient db;

  JdbcTokens(JdbcClient db) {
    this.db = db;
  }

  @Override
  public List<MachineToken> all() {
    return db.sql("select * from machine_token order by created_at desc, id")
        .query((rs, _) -> token(rs))
        .list();
  }

  @Override
  public Optional<MachineToken> find(String id) {
    return db.sql("select * from machine_token where id = ?")
        .param(id)
        .query((rs, _) -> token(rs))
        .optional();
  }

  private static MachineToken token(ResultSet rs) throws SQLException {
    long revokedAt = rs.getLong("revoked_at");
    boolean revoked = !rs.wasNull();
    return new MachineToken(
        rs.getString("id"),
        rs.getString("name"),
        rs.getString("scopes").lines().map(Scope::of).collect(Collectors.toSet()),
        rs.getString("sha256"),
        Instant.ofEpochMilli(rs.getLong("created_at")),
        rs.getString("created_by"),
        revoked ? Instant.ofEpochMilli(revokedAt) : null);
  }

  @Override
  public void add(MachineToken token) {
    db.sql(
            """
            insert into machine_token (id, name, scopes, sha256, created_at, created_by)
            values (?, ?, ?, ?, ?, ?)
            """)
        .params(
            token.id(),
            token.name(),
            token.scopes().stream().map(Scope::text).sorted().collect(Collectors.joining("\n")),
            token.sha256(),
            token.createdAt().toEpochMilli(),
            token.createdBy())
        .update();
  }

  @Override
  public void revoke(String id, Instant at) {
    db.sql("update machine_token set revoked_at = ? where id = ? and revoked_at is null")
        .params(at.toEpochMilli(), id)
        .update();
  }

  @Override
  public Set<String> revoked() {
    return Set.copyOf(
        db.sql("select id from machine_token where revoked_at is not null")
            .query(String.class)
            .list());
  }
}
