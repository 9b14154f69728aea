package dev.watchtower.monitor.auth.jdbc;

import dev.watchtower.monitor.auth.Account;
import dev.watchtower.monitor.auth.AccountStore;
import dev.watchtower.monitor.auth.Role;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Users in SQLite. */
@Component
class JdbcAccounts implements AccountStore {
  private final JdbcClient db;

  JdbcAccounts(JdbcClient db) {
    this.db = db;
  }

  @Override
  public List<Account> load() {
    return db.sql("select * from account")
        .query((rs, _) -> {
          long login = rs.getLong("last_login_at");
          boolean loggedIn = !rs.wasNull();
          return new Account(
              rs.getString("name"),
              rs.getString("password_hash"),
              Role.valueOf(rs.getString("role")),
              rs.getBoolean("disabled"),
              rs.getBoolean("must_change"),
              Instant.ofEpochMilli(rs.getLong("created_at")),
              loggedIn ? Instant.ofEpochMilli(login) : null);
        })
        .list();
  }

  @Override
  public void save(Account account) {
    var login = account.lastLoginAt();
    db.sql(
            """
            insert into account
              (name, password_hash, role, disabled, must_change, created_at, last_login_at)
            values (?, ?, ?, ?, ?, ?, ?)
            on conflict (name) do update set password_hash = excluded.password_hash,
              role = excluded.role, disabled = excluded.disabled,
              must_change = excluded.must_change, last_login_at = excluded.last_login_at
            """)
        .param(account.name())
        .param(account.passwordHash())
        .param(account.role().name())
        .param(account.disabled())
        .param(account.mustChange())
        .param(account.createdAt().toEpochMilli())
        .param(login == null ? null : login.toEpochMilli())
        .update();
  }
}
