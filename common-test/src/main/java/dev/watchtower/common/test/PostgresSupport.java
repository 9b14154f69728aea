package dev.watchtower.common.test;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.test.context.DynamicPropertyRegistry;

/** A real PostgreSQL for tests: one embedded server a JVM, a fresh database for each call. */
public final class PostgresSupport {
  /** How to reach a database. */
  public record Db(String url, String user, String password) {
    /** Sets the datasource of a Spring context to this database. */
    public void register(DynamicPropertyRegistry registry) {
      registry.add("spring.datasource.url", this::url);
      registry.add("spring.datasource.username", this::user);
      registry.add("spring.datasource.password", this::password);
    }
  }

  private static final AtomicInteger COUNT = new AtomicInteger();

  private PostgresSupport() {}

  /** A fresh, empty database on the JVM's server, which is started by the first call. */
  public static Db database() {
    var name = "test" + COUNT.incrementAndGet();
    var server = Holder.SERVER;
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
    } catch (SQLException e) {
      throw new IllegalStateException("cannot make the database " + name, e);
    }
    return new Db(server.getJdbcUrl("postgres", name), "postgres", "postgres");
  }

  private static final class Holder {
    static final EmbeddedPostgres SERVER = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().start();
      } catch (IOException e) {
        throw new UncheckedIOException("the embedded PostgreSQL does not start", e);
      }
    }
  }
}
