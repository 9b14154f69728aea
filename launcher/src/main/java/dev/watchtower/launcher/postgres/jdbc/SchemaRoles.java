package dev.watchtower.launcher.postgres.jdbc;

import dev.watchtower.launcher.postgres.PostgresServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

/**
 * One database role and one schema for each service, so that no service reads another's data. A
 * role owns the schema of its name and nothing else.
 */
public final class SchemaRoles {
  private final PostgresServer server;
  private final String adminPassword;

  /** Roles on {@code server}, made with the administrator's password. */
  public SchemaRoles(PostgresServer server, String adminPassword) {
    this.server = server;
    this.adminPassword = adminPassword;
  }

  /**
   * Makes what is missing of {@code database} and sets the passwords; running it again changes
   * nothing.
   *
   * @param passwords the password of each role, by the name of role and schema
   * @throws IOException if the database refuses
   */
  public void provide(String database, Map<String, String> passwords) throws IOException {
    try {
      make(database, passwords);
    } catch (SQLException e) {
      throw new IOException("the database's roles cannot be made: " + e.getMessage(), e);
    }
  }

  private void make(String database, Map<String, String> passwords) throws SQLException {
    try (var connection = connect("postgres")) {
      if (!exists(connection, "select 1 from pg_database where datname = ?", database)) {
        run(connection, "create database " + quoted(database));
      }
      // Iterations make guessing slow. These passwords are 192 random bits and cannot be guessed,
      // and each connection of each service would pay for the usual 4,096.
      run(connection, "set scram_iterations = 1");
      for (var role : passwords.entrySet()) {
        boolean known =
            exists(connection, "select 1 from pg_roles where rolname = ?", role.getKey());
        run(
            connection,
            (known ? "alter" : "create")
                + " role "
                + quoted(role.getKey())
                + " login nosuperuser nocreatedb nocreaterole password "
                + literal(role.getValue()));
      }
      run(connection, "revoke all on database " + quoted(database) + " from public");
      for (var role : passwords.keySet()) {
        run(
            connection,
            "grant connect, temporary on database " + quoted(database) + " to " + quoted(role));
      }
    }
    try (var connection = connect(database)) {
      run(connection, "revoke all on schema public from public");
      for (var role : passwords.keySet()) {
        run(
            connection,
            "create schema if not exists " + quoted(role) + " authorization " + quoted(role));
      }
    }
  }

  /** Drops {@code database} with everything in it, if it is there. */
  public void drop(String database) throws IOException {
    try (var connection = connect("postgres")) {
      run(connection, "drop database if exists " + quoted(database) + " with (force)");
    } catch (SQLException e) {
      throw new IOException("the database " + database + " cannot be dropped", e);
    }
  }

  /** A connection as the administrator. */
  Connection connect(String database) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", PostgresServer.ADMIN);
    properties.setProperty("password", adminPassword);
    properties.setProperty("loginTimeout", "10");
    properties.setProperty("socketTimeout", "60");
    return DriverManager.getConnection(server.url(database), properties);
  }

  private static boolean exists(Connection connection, String query, String name)
      throws SQLException {
    try (var statement = connection.prepareStatement(query)) {
      statement.setString(1, name);
      try (var rows = statement.executeQuery()) {
        return rows.next();
      }
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String literal(String text) {
    return '\'' + text.replace("'", "''") + '\'';
  }
}
